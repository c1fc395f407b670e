/* Fills the page with each report of shops.mjs into tried/, to be opened in a browser. */
import fs from "node:fs"
import { filled } from "./browser.mjs"
import { shops } from "./shops.mjs"

const folder = new URL("../tried/", import.meta.url)
fs.mkdirSync(folder, { recursive: true })
for (const [name, make] of Object.entries(shops)) fs.writeFileSync(new URL(`${name}.html`, folder), filled(make()))
console.log(`${Object.keys(shops).length} pages in ${folder.pathname}`)
