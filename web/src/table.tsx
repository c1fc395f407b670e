/* A table of data: right-aligned figures, a caption, and on a phone a card for each row. The same object gives the CSV. */
import type { ComponentChildren } from "preact"
import type { Cell } from "./csv.ts"

export interface Column {
  head: string
  figure?: boolean // right-aligned, of equal digits
  show?: (cell: Cell, row: Cell[]) => ComponentChildren
}

export interface TableData {
  caption: string
  columns: Column[]
  rows: Cell[][]
}

export function DataTable({ data, captionHidden, foot }: { data: TableData; captionHidden?: boolean; foot?: ComponentChildren }) {
  // roles are said aloud, because the cards of a phone are no tables to a browser
  return (
    <div class="scroll" role="region" aria-label={data.caption} tabIndex={0}>
      <table class="data" role="table">
        <caption class={captionHidden ? "unseen" : undefined}>{data.caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {data.columns.map((c) => <th role="columnheader" scope="col" class={c.figure ? "figure" : undefined}>{c.head}</th>)}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {data.rows.map((row) => (
            <tr role="row">
              {data.columns.map((c, i) => {
                const shown = c.show ? c.show(row[i] ?? null, row) : row[i] ?? "not known"
                const Tag = i === 0 ? "th" : "td"
                return (
                  <Tag role={i === 0 ? "rowheader" : "cell"} {...(i === 0 ? { scope: "row" } : {})}
                    class={c.figure ? "figure" : undefined} data-head={c.head}>{shown}</Tag>
                )
              })}
            </tr>
          ))}
        </tbody>
        {foot}
      </table>
    </div>
  )
}
