/* statements.mjs REPORT.html: opens a report and prints, as JSON, every command that its page offers to copy. */
import fs from "node:fs"
import { skip, stop, withBrowser } from "./browser.mjs"

if (skip) {
  console.error(skip)
  process.exit(3)
}
await withBrowser(async (open) => {
  const page = await open(fs.readFileSync(process.argv[2], "utf8"))
  for (const button of await page.locator(".ways button:text-is('SQL')").all()) await button.click()
  if (await page.locator("button.who").count()) await page.locator("button.who").first().click()
  console.log(JSON.stringify(await page.locator("figure .command code, .card .command code").allInnerTexts()))
})
await stop()
