import { render } from "preact"

const text = document.getElementById("patron-report")?.textContent ?? ""
const data = JSON.parse(text)
const page = document.getElementById("page")!
page.textContent = ""
render(
  typeof data === "object" ? <main><h1>{data.name}</h1><p>As of {data.as_of}, run {data.run_id}.</p></main>
    : <main><h1>An empty page</h1><p>This is the template of a report. <code>patron report</code> fills it.</p></main>,
  page)
