/* Overview: what is assumed is said beside what follows from it, and the past forecast is told once on a phone. Search: who is not
 * in the file. */
import assert from "node:assert/strict"
import test, { after } from "node:test"
import { skip, stop, withBrowser } from "./browser.mjs"
import { shops } from "./shops.mjs"

after(stop)

const lead = async (page) => (await page.locator("#overview .lead").first().innerText()).replaceAll("\u00a0", " ").replaceAll("\u2060", "")

test("a margin that is assumed, and what others would give", { skip }, () => withBrowser(async (open) => {
  const report = shops.online_retail()
  report.headline.margin = { assumed: 0.075, at: [{ margin: 0.0375, value: 315000 }, { margin: 0.125, value: 1052000 }, { margin: 0.9, value: null }] }
  assert.match(await lead(await open(report)), /Margin assumed 7\.5 %: at 3\.75 % £320k, at 12\.5 % £1\.1m\. The 12 months before/)
  report.headline.margin = null
  assert.doesNotMatch(await lead(await open(report)), /[Mm]argin/)
}))

test("how far off a year ago stands once on a phone, and on top of every screen else", { skip }, () => withBrowser(async (open) => {
  const report = shops.online_retail()
  for (const [width, times] of [[390, 1], [1440, 2]]) {
    const page = await open(report, { width })
    assert.equal(await page.locator("header .verdict:visible, #overview .lead:visible").filter({ hasText: report.trust.last.says }).count(), times)
    await page.context().close()
  }
}))

test("who is not in the file is asked of the store, whatever is typed", { skip }, () => withBrowser(async (open) => {
  const page = await open(shops.online_retail())
  for (const [typed, command] of [["zz-12980", "patron show zz-12980"], ["Nobody O'Neill; $(ls)", 'patron show "Nobody ONeill; (ls)"'], ["'\"", null]]) {
    await page.locator("#search").fill(typed)
    assert.deepEqual(await page.locator("#customers .empty .command code").allInnerTexts(), command ? [command] : [], typed)
  }
}))
