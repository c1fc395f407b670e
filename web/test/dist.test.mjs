/* dist/report.html is what src/ builds, small, one file, with the place for the data; and the types hold. */
import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import test from "node:test"
import { fileURLToPath } from "node:url"
import { build } from "vite"

const web = path.join(path.dirname(fileURLToPath(import.meta.url)), "..")
const committed = fs.readFileSync(path.join(web, "dist/report.html"), "utf8")

test("dist is what src builds: npm run build", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "patron-dist-"))
  try {
    await build({ root: web, logLevel: "error", build: { outDir: folder } })
    assert.deepEqual(fs.readdirSync(folder), ["report.html"])
    assert.ok(fs.readFileSync(path.join(folder, "report.html"), "utf8") === committed, "web/dist is older than web/src")
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
})

test("one file under 150 kB that loads nothing", () => {
  assert.ok(committed.length < 150_000, `${committed.length} bytes`)
  assert.doesNotMatch(committed, /<(script|link|img|iframe)[^>]+(src|href)=/)
  assert.doesNotMatch(committed, /https?:\/\/(?!www\.w3\.org\/)/) // names of SVG and MathML are no addresses
  assert.equal(committed.split('<script type="application/json" id="patron-report">"__PATRON_REPORT__"</script>').length, 2)
})

test("types hold", () => {
  execFileSync(process.execPath, [path.join(web, "node_modules/typescript/bin/tsc"), "-p", web], { stdio: "pipe" })
})
