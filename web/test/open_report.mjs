/* open_report.mjs REPORT.html: opens a report that patron wrote and prints as JSON what it says, the commands it offers to
 * copy, what the browser complains of and which requests it makes. Exit 3: no browser. */
import fs from "node:fs"
import { skip, stop, withBrowser } from "./browser.mjs"

if (skip) {
  console.error(skip)
  process.exit(3)
}
await withBrowser(async (open) => {
  const page = await open(fs.readFileSync(process.argv[2], "utf8"))
  for (const kind of ["table", "SQL"]) {
    for (const button of await page.locator(`.ways button:text-is('${kind}')`).all()) await button.click()
    if (kind === "table") var tables = await page.locator("body").innerText()
  }
  if (await page.locator("button.who").count()) await page.locator("button.who").first().click()
  console.log(JSON.stringify({
    text: tables + (await page.locator("body").innerText()),
    commands: await page.locator("figure .command code, .card .command code").allInnerTexts(),
    complaints: page.complaints,
    requests: page.requests,
  }))
})
await stop()
