/* On A4: white paper, no controls, no chart cut, all of it there. */
import assert from "node:assert/strict"
import test, { after } from "node:test"
import { skip, stop, withBrowser } from "./browser.mjs"
import { shops } from "./shops.mjs"

after(stop)

const PAGE = ((297 - 34) / 25.4) * 96 // A4 less its margins, in CSS pixels
const WIDE = ((210 - 30) / 25.4) * 96

test("charts stay whole: none may be cut, and each is shorter than a page", { skip }, () => withBrowser(async (open) => {
  for (const name of ["online_retail", "losses"]) {
    const page = await open(shops[name](), { width: Math.round(WIDE), media: "print", scheme: "dark" })
    const charts = await page.evaluate(() => [...document.querySelectorAll(".drawing, .money-bar, .heat, .check")].map((e) => {
      let kept = e
      while (kept && getComputedStyle(kept).breakInside !== "avoid") kept = kept.parentElement
      return { what: e.closest("[id]").id, kept: kept?.className ?? null, height: kept?.getBoundingClientRect().height ?? 0, right: e.getBoundingClientRect().right }
    }))
    assert.ok(charts.length >= 7)
    for (const c of charts) {
      assert.ok(c.kept, `${c.what} may be cut`)
      assert.ok(c.height < PAGE, `${c.what} is ${c.height} px high`)
      assert.ok(c.right <= WIDE + 1, `${c.what} goes over the edge at ${c.right}`)
    }
    await page.context().close()
  }
}))

test("paper is white even when the screen is dark, and shows no controls", { skip }, () => withBrowser(async (open) => {
  const page = await open(shops.online_retail(), { media: "print", scheme: "dark" })
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)")
  const shown = await page.evaluate(() => [...document.querySelectorAll("nav, .ways, .tools, .help, .more, .command button, dialog")].filter((e) => e.getClientRects().length).length)
  assert.equal(shown, 0)
  assert.match(await page.locator("#calibration").innerText(), /cut into tenths/) // how it is made is said on paper
}))

test("a PDF of a dozen pages or so, with project, run and number at the foot", { skip }, () => withBrowser(async (open) => {
  const page = await open(shops.online_retail())
  const pdf = await page.pdf({ preferCSSPageSize: true })
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g)?.length ?? 0
  assert.ok(pages >= 6 && pages <= 14, `${pages} pages`)
  const foot = await page.evaluate(() => [...document.styleSheets].flatMap((s) => [...s.cssRules]).map((r) => r.cssText).filter((t) => t.includes("@page")).join("\n"))
  assert.match(foot, /orders · run/)
  assert.match(foot, /counter\(page\)/)
}))
