/* Reads the data in the page and draws it. */
import { render } from "preact"
import { Page } from "./page.tsx"
import { readReport } from "./report.ts"
import { day, speak } from "./words.ts"
import "./style/page.css"
import "./style/chart.css"
import "./style/table.css"
import "./style/phone.css"
import "./style/print.css"

const place = document.getElementById("page")!
const report = readReport()
place.textContent = ""
if (report) {
  speak(report)
  document.title = `${report.name}, ${day(report.as_of)}: patron report`
  // the foot of printed pages can only be set by a rule of the sheet
  const foot = JSON.stringify(`${report.name} · run ${report.run_id} · as of ${day(report.as_of)}`)
  document.styleSheets[0]?.insertRule(`@page { @bottom-left { content: ${foot}; } }`)
  render(<Page report={report} />, place)
  const at = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  at?.scrollIntoView()
} else {
  render(<main class="template"><h1>A page without figures</h1><p>This is the template of a report. <code>patron report</code> fills it.</p></main>, place)
}
