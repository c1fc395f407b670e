/* Builds dist/report.html: one file with script and style inside, a template that `patron report` fills.
 * Nothing in it may ask the network: the page says so to the browser (Content-Security-Policy), with the hashes of
 * the one script and the one style. */
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { defineConfig, type Plugin } from "vite"

const PLACE = `<script type="application/json" id="patron-report">"__PATRON_REPORT__"</script>`

/* What the file holds of others goes with their licence. */
const LICENCE = `<!-- This page holds Preact:\n\n${readFileSync(new URL("./node_modules/preact/LICENSE", import.meta.url), "utf8").trim()}\n-->`

function sha256(text: string): string {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`
}

function oneFile(): Plugin {
  return {
    name: "one-file",
    enforce: "post",
    generateBundle(_options, bundle) {
      let script = "", style = "", html = ""
      for (const [name, part] of Object.entries(bundle)) {
        if (part.type === "chunk") script += part.code
        else if (name.endsWith(".css")) style += part.source
        else if (name.endsWith(".html")) html = String(part.source)
        else throw new Error(`${name} would be a second file`)
        delete bundle[name]
      }
      script = `\n${script.trim().replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--")}\n`
      style = `\n${style.trim()}\n`
      if (!html.includes(PLACE)) throw new Error("index.html has lost the place of the data")
      const policy = `default-src 'none'; script-src ${sha256(script)}; style-src ${sha256(style)}; img-src data:`
      html = html
        .replace(/\s*<script type="module"[^>]*><\/script>/, "")
        .replace(/\s*<link rel="stylesheet"[^>]*>/, "")
        // functions, because $& in a script would otherwise be read as a pattern
        .replace("</title>", () => `</title>\n  <meta http-equiv="Content-Security-Policy" content="${policy}">\n  <style>${style}</style>`)
        .replace("</html>", () => `${LICENCE}\n</html>`)
        .replace("</body>", () => `  <script type="module">${script}</script>\n</body>`)
      this.emitFile({ type: "asset", fileName: "report.html", source: html })
    },
  }
}

export default defineConfig({
  // no preset: Vite compiles JSX by itself, and a page for today's browsers needs no other translation
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [oneFile()],
  build: { target: "es2022", modulePreload: false, cssCodeSplit: false, assetsInlineLimit: 1 << 20, reportCompressedSize: false },
})
