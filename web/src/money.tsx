/* Money: both equations, source by source. Money in is what went out to customers, to nobody by name, and to quarantine. */
import { Empty, Frame, Section, useReport } from "./frame.tsx"
import { DataTable } from "./table.tsx"
import type { Money as Data } from "./report.ts"
import { amount, count, share } from "./words.ts"

export function Money() {
  const data = useReport().money
  return <Section id="money" title="Money">{data ? <Chart data={data} /> : <Empty part="money" what="The money equation" />}</Section>
}

const PARTS = [
  { key: "attributed", label: "attributed to customers", tone: "a" },
  { key: "unattributed", label: "no customer named", tone: "b" },
  { key: "quarantined", label: "in quarantine", tone: "c" },
  { key: "set_aside", label: "set aside as repeated", tone: "d" },
] as const

const isNothing = (text: string) => Number(text) === 0

/* One bar of the parts; what takes away hangs below the line. */
export function MoneyBar({ data }: { data: Data }) {
  const parts = PARTS.map((p) => ({ ...p, value: Number(data[p.key]) }))
  const above = parts.filter((p) => p.value > 0), below = parts.filter((p) => p.value < 0)
  const whole = Math.max(above.reduce((s, p) => s + p.value, 0), below.reduce((s, p) => s - p.value, 0)) || 1
  const line = (list: typeof parts, sign: string) => list.length > 0 && (
    <div class={`money-line ${sign}`}>
      {list.map((p) => <span class={`money-part ${p.tone}`} style={{ width: `${Math.max(0.4, (100 * Math.abs(p.value)) / whole)}%` }} />)}
    </div>
  )
  return <div class="money-bar" aria-hidden="true">{line(above, "plus")}{line(below, "minus")}</div>
}

function Chart({ data }: { data: Data }) {
  const { currency, warnings, names_masked } = useReport()
  const others = data.other_currencies ?? []
  const currencies = new Set(data.sources.map((s) => s.currency ?? currency))
  const nameOf = (s: Data["sources"][number]) => (currencies.size > 1 ? `${s.source}, ${s.currency}` : s.source)
  const rows = data.sources.reduce((s, r) => s + r.rows_read, 0)
  const refused = data.sources.reduce((s, r) => s + r.rows_quarantined, 0)
  const typed = data.sources.reduce((s, r) => s + r.rows_typed, 0), aside = data.sources.reduce((s, r) => s + r.rows_set_aside, 0)
  const named = Number(data.amount_in) ? Number(data.attributed) / Number(data.amount_in) : null
  return (
    <Frame part="money" long source="money, ledger, quarantine" sql="FROM money ORDER BY stage, source"
      says={data.conserved
        ? <>Every amount is accounted for: <b>{amount(data.amount_in)}</b> {currency} came in{named != null && Math.abs(named) < 10 && <>, <b>{share(named)}</b> of it names a customer</>}.</>
        : <>Money is <b>not conserved</b>: the parts do not add up to what came in.</>}
      measure={`Amounts of the ledger, ${currency}, to the last unit; ${count(rows)} rows read, ${count(refused)} refused; all time`}
      table={{
        caption: "Money in and where it went, by source",
        columns: [{ head: "source" }, ...["in", "attributed", "no customer", "quarantined", "set aside"].map((head) => ({ head, figure: true, show: money })),
          ...["rows read", "typed", "refused", "set aside"].map((head) => ({ head: head === "set aside" ? "rows set aside" : head === "refused" ? "rows refused" : head === "typed" ? "rows typed" : head, figure: true, show: rowsShown }))],
        rows: data.sources.map((s) => [nameOf(s), s.amount_in, s.attributed, s.unattributed, s.quarantined, s.set_aside ?? null, s.rows_read, s.rows_typed, s.rows_quarantined, s.rows_set_aside]),
      }}
      how={<>
        <p>Two equations hold in every run, for each source, or nothing is published. Of rows: read = typed + refused + set aside. Of money:
          in = attributed + no customer + quarantined + set aside. {isNothing(data.rounding) ? "Nothing was rounded." : `Rounding took ${amount(data.rounding)}, once, as lines were read.`}</p>
        <p>Quarantine holds rows that could not be read or believed, with the reason; an amount there may be below zero.</p>
      </>}>
      <MoneyBar data={data} />
      <div class="equation">
        <div><b class="sum">{amount(data.amount_in)}</b><span>money in</span></div>
        {PARTS.filter((p) => p.key !== "set_aside" || !isNothing(data.set_aside)).map((p, i) => (
          <div><b class="sum"><span class="operator" aria-hidden="true">{i === 0 ? "=" : "+"}</span><span class={`key ${p.tone}`} aria-hidden="true" />{amount(data[p.key])}</b><span>{p.label}</span></div>
        ))}
      </div>
      <div class="equation rows">
        <div><b class="sum">{count(rows)}</b><span>rows read</span></div>
        <div><b class="sum"><span class="operator" aria-hidden="true">=</span>{count(typed)}</b><span>typed</span></div>
        <div><b class="sum"><span class="operator" aria-hidden="true">+</span>{count(refused)}</b><span>refused</span></div>
        <div><b class="sum"><span class="operator" aria-hidden="true">+</span>{count(aside)}</b><span>set aside</span></div>
      </div>
      {others.length > 0 && <DataTable data={{
        caption: "In other currencies",
        columns: [{ head: "currency" }, { head: "money in", figure: true, show: money }, { head: "attributed", figure: true, show: money },
          { head: "no customer", figure: true, show: money }, { head: "quarantined", figure: true, show: money }, { head: "set aside", figure: true, show: money }],
        rows: others.map((o) => [o.currency ?? "", o.amount_in, o.attributed, o.unattributed, o.quarantined, o.set_aside]),
      }} />}
      <p class="ties">{data.conserved ? <><span aria-hidden="true">✓ </span>both add up, in every source, to the last unit and the last row</> : <><span aria-hidden="true">✗ </span>does not add up: do not use this run</>}</p>
      <DataTable data={{
        caption: "By source",
        columns: [{ head: "source" }, { head: "money in", figure: true, show: money }, { head: "attributed", figure: true, show: money }, { head: "no customer", figure: true, show: money },
          { head: "quarantined", figure: true, show: money }, { head: "rows read", figure: true, show: rowsShown }, { head: "refused", figure: true, show: rowsShown }, { head: "set aside", figure: true, show: rowsShown }],
        rows: data.sources.map((s) => [nameOf(s), s.amount_in, s.attributed, s.unattributed, s.quarantined, s.rows_read, s.rows_quarantined, s.rows_set_aside]),
      }} />
      {data.kinds.length > 0 && <DataTable data={{
        caption: "By kind of cash flow",
        columns: [{ head: "kind" }, { head: "rows", figure: true, show: rowsShown }, { head: "amount", figure: true, show: money }],
        rows: data.kinds.map((k) => [k.kind, k.rows, k.amount]),
      }} />}
      {data.largest_refused.length > 0 && <DataTable data={{
        caption: `In quarantine: ${data.largest_refused.length < refused ? `the ${data.largest_refused.length} largest of ${count(refused)}` : `${count(refused)} row${refused === 1 ? "" : "s"}`}`,
        columns: [{ head: "where" }, { head: "amount", figure: true, show: (c, row) => inCurrency(c, row[5], severalIn(data.largest_refused, currency)) },
          { head: "column" }, { head: "value", hidden: names_masked }, { head: "why" }, { head: "currency", hidden: true }],
        rows: data.largest_refused.map((r) => [`${r.file ?? r.source}${r.source_row != null ? `, row ${count(r.source_row)}` : ""}`, r.amount, r.column_name ?? "", r.value ?? "", r.reason, r.currency]),
      }} />}
      {data.largest_refused.length > 0 && names_masked && <p class="note">What stood in those columns is left out, as it may hold a name: <code>patron report --with-names</code> puts it in.</p>}
      {data.reasons.length > 1 && <DataTable data={{
        caption: "In quarantine, by reason",
        columns: [{ head: "why" }, { head: "rows", figure: true, show: rowsShown }, { head: "amount", figure: true, show: (c, row) => inCurrency(c, row[3], severalIn(data.reasons, currency)) }, { head: "currency", hidden: true }],
        rows: data.reasons.map((r) => [r.reason, r.rows, r.amount, r.currency]),
      }} />}
      {warnings.length > 0 && (
        <div class="warnings">
          <h3>Good to know</h3>
          <ul>{warnings.map((w) => <li>{w.message}{w.next && <span class="next">{w.next}</span>}</li>)}</ul>
        </div>
      )}
    </Frame>
  )
}

const money = (c: string | number | null) => amount(c as string)
/* The rows are not all in the currency of the report: then each says its own. */
const severalIn = (rows: { currency: string | null }[], currency: string) => rows.some((r) => r.currency != null && r.currency !== currency)
const inCurrency = (c: string | number | null | undefined, currency: string | number | null | undefined, several: boolean) =>
  c == null ? "no amount" : several && currency ? `${amount(c as string)} ${currency}` : amount(c as string)
const rowsShown = (c: string | number | null) => count(c as number)
