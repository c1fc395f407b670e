/* The frame of every chart, in four parts: what it says, what is measured, the chart, and where it comes from, with the
 * table behind the chart, a CSV file of it, the SQL that gives it and how it is made. */
import { createContext, type ComponentChildren } from "preact"
import { useContext, useEffect, useRef, useState } from "preact/hooks"
import { download, toCsv } from "./csv.ts"
import type { Report } from "./report.ts"
import { DataTable, type TableData } from "./table.tsx"

export const ReportContext = createContext<Report>(null as never)
export const useReport = () => useContext(ReportContext)

interface FrameProps {
  part: string // its name in the data, and of its file
  says: ComponentChildren
  measure: string
  table: TableData
  source: string // the tables it is read from
  sql?: string
  how: ComponentChildren
  long?: boolean // may go over to the next page on paper
  children: ComponentChildren
}

type Panel = "table" | "sql" | "how" | null

export function Frame({ part, says, measure, table, source, sql, how, long, children }: FrameProps) {
  const report = useReport()
  const [open, setOpen] = useState<Panel>(null)
  const figure = useRef<HTMLElement>(null)
  const made = report.made?.[part]
  const statement = made?.sql ?? sql
  const toggle = (panel: Panel) => setOpen((was) => (was === panel ? null : panel))
  useEffect(() => {
    const onTable = () => toggle("table")
    figure.current?.addEventListener("patron-table", onTable)
    return () => figure.current?.removeEventListener("patron-table", onTable)
  }, [])
  const button = (panel: Exclude<Panel, null>, text: string) => (
    <button type="button" aria-expanded={open === panel} aria-controls={`${part}-${panel}`} onClick={() => toggle(panel)}>{text}</button>
  )
  return (
    <figure class="frame" ref={figure} id={`figure-${part}`} aria-labelledby={`says-${part}`}>
      <div class={long ? "whole long" : "whole"}>
        <p class="says" id={`says-${part}`}>{says}</p>
        <p class="measure">{measure}</p>
        <div class="chart">{children}</div>
        <figcaption class="foot">
          <span class="source">
            Source: {made?.table ?? source}, run {report.run_id}.{report.trust?.last && <> Track record: {lowered(report.trust.last.says)}</>}
          </span>
          <span class="ways">
            {button("table", "table")}
            <button type="button" onClick={() => download(`${report.name}-${part}-${report.run_id}.csv`, toCsv(table.columns.map((c) => c.head), table.rows))}>CSV</button>
            {statement && button("sql", "SQL")}
            {button("how", "how made")}
          </span>
        </figcaption>
      </div>
      <div id={`${part}-table`} hidden={open !== "table"}>{open === "table" && <DataTable data={table} />}</div>
      {statement && <div id={`${part}-sql`} hidden={open !== "sql"}><Command text={`patron sql "${statement}"`} /></div>}
      <div id={`${part}-how`} class="how" hidden={open !== "how"}>{how}</div>
    </figure>
  )
}

const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

/* A command to copy. */
export function Command({ text }: { text: string }) {
  const code = useRef<HTMLElement>(null)
  const [done, setDone] = useState("")
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setDone("copied")
    } catch { // no clipboard for a page from disk: select it, so that one key copies
      const all = document.createRange()
      all.selectNodeContents(code.current!)
      getSelection()?.removeAllRanges()
      getSelection()?.addRange(all)
      setDone("selected: press Ctrl C")
    }
  }
  return (
    <div class="command">
      <code ref={code}>{text}</code>
      <button type="button" onClick={copy}>copy</button>
      <span role="status" class="done">{done}</span>
    </div>
  )
}

/* In place of what cannot be shown: why, and what would fill it. */
export function Empty({ part, what }: { part: string; what: string }) {
  const missing = useReport().missing?.[part]
  return (
    <div class="empty">
      <p>{missing?.says ?? `${what}: this run had too little for it.`}</p>
      {missing?.add && <Command text={missing.add} />}
    </div>
  )
}

export function Section({ id, title, children }: { id: string; title: string; children: ComponentChildren }) {
  return (
    <section id={id} aria-labelledby={`title-${id}`}>
      <h2 id={`title-${id}`} tabIndex={-1}>{title}</h2>
      {children}
    </section>
  )
}
