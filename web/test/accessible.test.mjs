/* WCAG 2.2 AA by axe, in light and dark, wide and on a phone, with everything open. */
import assert from "node:assert/strict"
import fs from "node:fs"
import { createRequire } from "node:module"
import test, { after } from "node:test"
import { filled, skip, stop, withBrowser } from "./browser.mjs"
import { shops } from "./shops.mjs"

after(stop)

const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

for (const [name, width, scheme] of [["online_retail", 1440, "light"], ["online_retail", 390, "dark"], ["tiny", 1440, "dark"], ["nothing", 1440, "light"], ["losses", 390, "light"]])
  test(`${name}, ${width} px, ${scheme}`, { skip }, () => withBrowser(async (open) => {
    const page = await open(shops[name](), { width, scheme })
    for (const button of await page.locator(".ways button:text-is('table')").all()) await button.click()
    if (await page.locator("button.who").count()) await page.locator("button.who").first().click()
    await page.evaluate(axe) // by the debugger: the page's own policy runs no foreign script
    const faults = await page.evaluate(async (tags) => {
      const result = await window.axe.run(document, { runOnly: { type: "tag", values: tags } })
      return result.violations.map((v) => `${v.id}: ${v.help}; ${v.nodes.length} × ${v.nodes.slice(0, 2).map((n) => n.html.slice(0, 160) + " " + n.any.map((a) => a.message).join("; ")).join(" | ")}`)
    }, TAGS)
    assert.deepEqual(faults, [])
  }))

test("every chart is a figure with its sentence as label, and has a table", { skip }, () => withBrowser(async (open) => {
  const page = await open(shops.online_retail())
  const figures = await page.evaluate(() => [...document.querySelectorAll("figure")].map((f) => document.getElementById(f.getAttribute("aria-labelledby"))?.innerText ?? ""))
  assert.ok(figures.length >= 8, String(figures.length))
  for (const label of figures) assert.match(label, /^[A-Z\d].*\.$/s)
  for (const button of await page.locator(".ways button:text-is('table')").all()) {
    await button.click()
    const rows = page.locator(`#${await button.getAttribute("aria-controls")} tbody tr`)
    assert.ok((await rows.count()) > 0)
  }
}))

test("without script the page says what to do", () => {
  assert.match(filled(shops.tiny()), /<noscript>.*patron report --json/s)
})
