/* A browser for the tests: the template filled as `patron report` fills it, opened from disk, with every request and every
 * complaint noted. Where no browser is installed the tests are skipped and say so. */
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { chromium } from "playwright-core"

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
const found = process.env.CHROMIUM
  ?? NAMES.flatMap((n) => (process.env.PATH ?? "").split(":").map((d) => path.join(d, n))).find((f) => fs.existsSync(f))

export const skip = found ? false : "no chromium here: script/setup --web, or CHROMIUM=its path"

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"]

export const template = new URL("../dist/report.html", import.meta.url)

export function filled(report) {
  const html = fs.readFileSync(template, "utf8")
  const place = '"__PATRON_REPORT__"'
  if (html.split(place).length !== 2) throw new Error("the template holds its place for the data not once")
  return html.replace(place, () => JSON.stringify(report).replaceAll("<", "\\u003c"))
}

let browser // one for all tests of a file

export async function stop() {
  await browser?.close()
  browser = undefined
}

/* Runs `use(open)` with a browser; `open(report, options)` gives a page, with .complaints and .requests. */
export async function withBrowser(use) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "patron-page-"))
  browser ??= await chromium.launch({ executablePath: found, args: FLAGS })
  const contexts = []
  let n = 0
  const open = async (report, { width = 1440, height = 900, scheme = "light", hash = "", media } = {}) => {
    const file = path.join(folder, `${++n}.html`)
    fs.writeFileSync(file, typeof report === "string" ? report : filled(report))
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, reducedMotion: "reduce", acceptDownloads: true })
    contexts.push(context)
    const page = await context.newPage()
    page.complaints = []
    page.requests = []
    page.on("console", (m) => ["error", "warning"].includes(m.type()) && page.complaints.push(m.text()))
    page.on("pageerror", (e) => page.complaints.push(e.message))
    page.on("request", (r) => r.url() !== `file://${file}${hash}` && r.url() !== `file://${file}` && page.requests.push(r.url()))
    if (media) await page.emulateMedia({ media, colorScheme: scheme })
    await page.goto(`file://${file}${hash}`)
    await page.waitForFunction(() => document.querySelector("h1"))
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    return page
  }
  try {
    return await use(open)
  } finally {
    await Promise.all(contexts.map((context) => context.close()))
    fs.rmSync(folder, { recursive: true, force: true })
  }
}
