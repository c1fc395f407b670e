/* The page asks nothing of any network and never complains, whatever the report holds. */
import assert from "node:assert/strict"
import fs from "node:fs"
import test, { after } from "node:test"
import { skip, stop, template, withBrowser } from "./browser.mjs"
import { shops } from "./shops.mjs"

after(stop)

test("no complaint and no request, on any report", { skip }, () => withBrowser(async (open) => {
  for (const [name, make] of Object.entries(shops)) {
    const page = await open(make())
    for (const button of await page.locator(".ways button:not(:text-is('CSV'))").all()) await button.click()
    for (const box of await page.locator(".drawing").all()) {
      await box.hover()
      await box.focus()
      await page.keyboard.press("ArrowRight")
    }
    assert.deepEqual(page.complaints, [], name)
    assert.deepEqual(page.requests, [], name)
    await page.context().close()
  }
}))

test("nothing is said as undefined, NaN or an object", { skip }, () => withBrowser(async (open) => {
  for (const [name, make] of Object.entries(shops)) {
    const page = await open(make())
    for (const button of await page.locator(".ways button:text-is('table')").all()) await button.click()
    for (const who of await page.locator("button.who").all().then((all) => all.slice(0, 2))) await who.click()
    const text = await page.evaluate(() => document.body.innerText + [...document.querySelectorAll("svg text, [aria-label], [aria-valuetext]")]
      .map((e) => e.textContent + (e.getAttribute("aria-label") ?? "") + (e.getAttribute("aria-valuetext") ?? "")).join("\n"))
    const bad = /undefined|NaN|\[object|Infinity|null/.exec(text)
    assert.equal(bad && text.slice(bad.index - 60, bad.index + 20), null, name)
    const shapes = await page.evaluate(() => [...document.querySelectorAll("svg *")].filter((e) => [...e.attributes].some((a) => /NaN|undefined|Infinity/.test(a.value))).map((e) => e.outerHTML))
    assert.deepEqual(shapes, [], name)
    await page.context().close()
  }
}))

test("a name cannot become markup", { skip }, () => withBrowser(async (open) => {
  const page = await open(shops.losses())
  assert.equal(await page.locator("main script").count(), 0)
  assert.ok((await page.locator("button.who").allInnerTexts()).some((t) => t.includes("<script>alert(1)</script>")))
}))

test("the template says what it is, without data", { skip }, () => withBrowser(async (open) => {
  const page = await open(fs.readFileSync(template, "utf8"))
  assert.match(await page.locator("main").innerText(), /patron report/)
  assert.deepEqual(page.complaints, [])
}))

test("the policy of the page lets no request out", { skip }, () => withBrowser(async (open) => {
  const page = await open(shops.tiny())
  const blocked = await page.evaluate(() => new Promise((done) => {
    addEventListener("securitypolicyviolation", (e) => done(e.effectiveDirective))
    fetch("http://127.0.0.1:9/").catch(() => {})
    setTimeout(() => done("let through"), 2000)
  }))
  assert.equal(blocked, "connect-src")
}))
