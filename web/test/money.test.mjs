/* Money: what was refused says its currency where it is another; masked, what stood in it is left out, and that is said. */
import assert from "node:assert/strict"
import test, { after } from "node:test"
import { skip, stop, withBrowser } from "./browser.mjs"
import { shops } from "./shops.mjs"

after(stop)

const table = (page, caption) => page.locator("#money table").filter({ has: page.locator(`caption:has-text("${caption}")`) })

test("masked: no empty column, and a word why", { skip }, () => withBrowser(async (open) => {
  const page = await open(shops.online_retail())
  const refused = table(page, "In quarantine: 5 rows")
  assert.deepEqual(await refused.locator("thead th").allTextContents(), ["where", "amount", "column", "why"])
  assert.match(await refused.locator("tbody tr").first().innerText(), /−53,594\.36\s/)
  assert.match(await page.locator("#money .note").innerText(), /left out, as it may hold a name: patron report --with-names/)
}))

test("with names and in two currencies each row says both", { skip }, () => withBrowser(async (open) => {
  const report = shops.losses()
  const [row] = report.money.largest_refused, [reason] = report.money.reasons
  report.money.largest_refused = [{ ...row, value: "x1" }, { ...row, value: "x2", amount: "700", currency: "JPY" }, { ...row, amount: null, currency: null }]
  report.money.reasons = [reason, { ...reason, rows: 1, amount: "700", currency: "JPY" }, { ...reason, rows: 1, amount: null, currency: null }]
  const page = await open(report)
  const refused = table(page, "In quarantine: the 3 largest of")
  assert.deepEqual(await refused.locator("thead th").allTextContents(), ["where", "amount", "column", "value", "why"])
  assert.deepEqual(await refused.locator("tbody td:nth-child(2)").allTextContents(), ["−53,594.36 GBP", "700 JPY", "no amount"])
  assert.deepEqual(await refused.locator("tbody td:nth-child(4)").allTextContents(), ["x1", "x2", ""])
  assert.deepEqual(await table(page, "by reason").locator("tbody td:nth-child(3)").allTextContents(), ["−158,676.14 GBP", "700 JPY", "no amount"])
  assert.equal(await page.locator("#money .note").count(), 0)
}))
