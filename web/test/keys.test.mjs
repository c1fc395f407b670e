/* By keyboard alone: skip link, charts, search, list, card, help. */
import assert from "node:assert/strict"
import test, { after } from "node:test"
import { skip, stop, withBrowser } from "./browser.mjs"
import { shops } from "./shops.mjs"

after(stop)

const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.slice(0, 40))

test("the first Tab offers to skip to the report", { skip }, () => withBrowser(async (open) => {
  const page = await open(shops.online_retail())
  await page.keyboard.press("Tab")
  assert.match(await focused(page), /Skip/)
  await page.keyboard.press("Enter")
  assert.equal(await focused(page), "headline")
}))

test("a chart is read by arrow keys, each value with its range", { skip }, () => withBrowser(async (open) => {
  const page = await open(shops.online_retail())
  const chart = page.locator("#coming [role=slider]")
  await chart.focus()
  await page.keyboard.press("End")
  const last = await chart.getAttribute("aria-valuetext")
  assert.match(last, /2012.*8 in 10 chance of £.* to £/)
  assert.equal(await page.locator("#coming .reading").innerText(), last)
  await page.keyboard.press("ArrowLeft")
  assert.notEqual(await chart.getAttribute("aria-valuetext"), last)
  await page.keyboard.press("Home")
  assert.match(await chart.getAttribute("aria-valuetext"), /came/)
}))

test("t turns the chart in view into its table, and back", { skip }, () => withBrowser(async (open) => {
  const page = await open(shops.online_retail())
  await page.locator("#calibration [role=slider]").focus()
  await page.keyboard.press("t")
  assert.equal(await page.locator("#calibration-table tbody tr").count(), 10)
  await page.keyboard.press("t")
  assert.equal(await page.locator("#calibration-table tbody tr").count(), 0)
}))

test("/ searches, Enter opens the first card, Esc clears", { skip }, () => withBrowser(async (open) => {
  const report = shops.online_retail()
  const page = await open(report)
  await page.keyboard.press("/")
  assert.equal(await focused(page), "search")
  const id = report.customers[321].person_id
  await page.keyboard.type(id)
  assert.match(await page.locator(".found").innerText(), /found/)
  await page.keyboard.press("Enter")
  const card = await page.locator(".card").innerText()
  for (const reason of report.customers[321].reasons) assert.ok(card.includes(reason), reason)
  assert.match(card, /8 in 10 chance of/)
  await page.keyboard.press("Escape")
  assert.equal(await page.locator("#search").inputValue(), "")
}))

test("j and k go through customers, Enter opens and closes", { skip }, () => withBrowser(async (open) => {
  const report = shops.online_retail()
  const page = await open(report)
  await page.keyboard.press("j")
  assert.equal(await focused(page), `open-${report.customers[0].person_id}`)
  await page.keyboard.press("j")
  await page.keyboard.press("j")
  await page.keyboard.press("k")
  assert.equal(await focused(page), `open-${report.customers[1].person_id}`)
  await page.keyboard.press("Enter")
  assert.equal(await page.locator(".card").count(), 1)
  await page.keyboard.press("Escape")
  assert.equal(await page.locator(".card").count(), 0)
}))

test("? lists the keys, and one-letter keys can be switched off", { skip }, () => withBrowser(async (open) => {
  const page = await open(shops.online_retail())
  await page.keyboard.press("?")
  assert.ok(await page.locator("dialog").isVisible())
  await page.locator("dialog input").uncheck()
  await page.keyboard.press("Escape")
  await page.keyboard.press("/")
  assert.notEqual(await focused(page), "search")
}))

test("focus is always to be seen, and never below the header", { skip }, () => withBrowser(async (open) => {
  const page = await open(shops.tiny())
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press("Tab")
    const at = await page.evaluate(() => {
      const e = document.activeElement
      if (!e || e === document.body) return null
      const r = e.getBoundingClientRect(), style = getComputedStyle(e), head = document.querySelector("header").getBoundingClientRect().bottom
      return { what: e.outerHTML.slice(0, 80), outline: parseFloat(style.outlineWidth), hidden: !e.closest("header, .skip") && r.bottom <= head + 1 }
    })
    if (!at) break
    assert.ok(at.outline >= 2, `no outline on ${at.what}`)
    assert.ok(!at.hidden, `below the header: ${at.what}`)
  }
}))

test("sorting says so to a screen reader, and unknown values stay last", { skip }, () => withBrowser(async (open) => {
  const report = shops.tiny()
  report.customers[3].value = report.customers[3].p10 = report.customers[3].p90 = null
  const page = await open(report)
  const about = page.locator("th:has(button.sort:text('about'))")
  assert.equal(await about.getAttribute("aria-sort"), "descending")
  for (const direction of ["ascending", "descending"]) {
    await about.locator("button").click()
    assert.equal(await about.getAttribute("aria-sort"), direction)
    if (await page.getByText("Show all").count()) await page.getByText("Show all").click()
    assert.equal(await page.locator("button.who").last().innerText().then((t) => t.replace(/[▸▾]/, "")), report.customers[3].person_id)
  }
}))
