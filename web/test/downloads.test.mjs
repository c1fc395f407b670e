/* CSV: of the table behind each chart, and of the list of customers as it is on the screen. */
import assert from "node:assert/strict"
import fs from "node:fs"
import test, { after } from "node:test"
import { skip, stop, withBrowser } from "./browser.mjs"
import { shops } from "./shops.mjs"

after(stop)

async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()])
  return { name: download.suggestedFilename(), text: fs.readFileSync(await download.path(), "utf8") }
}

test("every chart has a CSV file of at least two lines", { skip }, () => withBrowser(async (open) => {
  const report = shops.online_retail()
  const page = await open(report)
  const buttons = await page.locator(".ways button:text-is('CSV')").all()
  assert.ok(buttons.length >= 8)
  for (const button of buttons) {
    const { name, text } = await saved(page, button)
    assert.match(name, new RegExp(`^orders-[a-z_]+-${report.run_id}\\.csv$`))
    assert.ok(text.startsWith("\ufeff") && text.split("\r\n").length > 2, name)
  }
}))

test("the customers of the view, in its order, exact to the cent", { skip }, () => withBrowser(async (open) => {
  const report = shops.online_retail()
  const page = await open(report)
  await page.locator("#search").fill("p_1")
  const { text } = await saved(page, page.getByText("CSV of this view"))
  const lines = text.trim().split("\r\n")
  const wanted = report.customers.filter((c) => c.person_id.includes("p_1"))
  assert.equal(lines.length, 1 + wanted.length)
  assert.ok(lines[1].startsWith(wanted[0].person_id) && lines[1].includes(`,${wanted[0].revenue},`))
}))

test("a spreadsheet runs no name as a formula", { skip }, () => withBrowser(async (open) => {
  const page = await open(shops.losses())
  const { text } = await saved(page, page.getByText("CSV of this view"))
  assert.ok(!/(^|,)"?[=@+]/m.test(text))
  assert.ok(text.includes("'=cmd"))
}))
