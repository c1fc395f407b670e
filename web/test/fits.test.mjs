/* The page fits its window: nothing goes over the edge at 320, 390 and 1440 pixels, and what a finger touches is large enough. */
import assert from "node:assert/strict"
import test, { after } from "node:test"
import { skip, stop, withBrowser } from "./browser.mjs"
import { shops } from "./shops.mjs"

after(stop)

for (const width of [320, 390, 768, 1440])
  test(`nothing goes over the edge at ${width} px`, { skip }, () => withBrowser(async (open) => {
    for (const [name, make] of Object.entries(shops)) {
      const page = await open(make(), { width })
      for (const button of await page.locator(".ways button:not(:text-is('CSV'))").all()) await button.click()
      const who = page.locator("button.who")
      if (await who.count()) await who.first().click()
      const over = await page.evaluate(() => {
        const wide = document.documentElement.clientWidth
        const scrolls = (e) => { for (; e; e = e.parentElement) if (["auto", "scroll", "hidden"].includes(getComputedStyle(e).overflowX)) return true; return false }
        return [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > wide + 1 && !scrolls(e) && !e.closest(".unseen, .skip, .patterns"))
          .slice(0, 3).map((e) => `${e.tagName}.${e.getAttribute("class")} ${e.textContent.slice(0, 30)} at ${Math.round(e.getBoundingClientRect().right)}`)
      })
      assert.deepEqual(over, [], name)
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name)
      await page.context().close()
    }
  }))

test("targets of a phone are 44 px high", { skip }, () => withBrowser(async (open) => {
  const page = await open(shops.online_retail(), { width: 390 })
  const small = await page.evaluate(() => [...document.querySelectorAll("button, input, nav a")].filter((e) => e.offsetParent)
    .map((e) => [e.textContent || e.id, Math.round(e.getBoundingClientRect().height)]).filter(([, h]) => h < 44))
  assert.deepEqual(small, [])
}))

test("no word of a chart is cut off at its edge", { skip }, () => withBrowser(async (open) => {
  for (const width of [320, 1440])
    for (const [name, make] of Object.entries(shops)) {
      const page = await open(make(), { width })
      const cut = await page.evaluate(() => [...document.querySelectorAll(".drawing")].flatMap((box) => {
        const frame = box.getBoundingClientRect()
        return [...box.querySelectorAll("text")].filter((t) => { const r = t.getBoundingClientRect(); return r.left < frame.left - 1 || r.right > frame.right + 1 }).map((t) => t.textContent)
      }))
      assert.deepEqual(cut, [], `${name} at ${width}`)
      await page.context().close()
    }
}))

test("labels of a chart do not stand on one another", { skip }, () => withBrowser(async (open) => {
  for (const width of [390, 1440]) {
    const page = await open(shops.online_retail(), { width })
    const clashes = await page.evaluate(() => [...document.querySelectorAll(".drawing svg")].flatMap((svg) => {
      const boxes = [...svg.querySelectorAll("text")].filter((t) => t.textContent.trim()).map((t) => ({ text: t.textContent, box: t.getBoundingClientRect() }))
      return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) =>
        Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 2 && Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 6)
        .map((b) => `${a.text} | ${b.text}`))
    }))
    assert.deepEqual(clashes, [], `${width}`)
    await page.context().close()
  }
}))
