/* A table of data: right-aligned figures, a caption, and on a phone a card for each row. The same object gives the CSV. */
import type { ComponentChildren } from "preact"
import type { Cell } from "./csv.ts"

export interface Column {
  head: string
  figure?: boolean // right-aligned, of equal digits
  hidden?: boolean // in the CSV file alone, or said by another column
  show?: (cell: Cell, row: Cell[]) => ComponentChildren
}

export interface TableData {
  caption: string
  columns: Column[]
  rows: Cell[][]
}

export function DataTable({ data }: { data: TableData }) {
  const columns = data.columns.map((c, at) => ({ ...c, at })).filter((c) => !c.hidden)
  // roles are said aloud, because the cards of a phone are no tables to a browser
  return (
    <div class="scroll" role="group" aria-label={data.caption} tabIndex={0}>
      <table class={columns.length < 5 ? "data narrow" : "data"} role="table">
        <caption>{data.caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((c) => <th role="columnheader" scope="col" class={c.figure ? "figure" : undefined}>{c.head}</th>)}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {data.rows.map((row) => (
            <tr role="row">
              {columns.map((c, i) => {
                const cell = row[c.at] ?? null
                const shown = c.show ? c.show(cell, row) : cell ?? "not known"
                return i === 0
                  ? <th role="rowheader" scope="row" class={c.figure ? "figure" : undefined}>{shown}</th>
                  : <td role="cell" class={c.figure ? "figure" : undefined} data-head={c.head}>{shown}</td>
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
