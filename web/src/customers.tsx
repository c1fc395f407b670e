/* Customers: the list, to search, sort and open. All whiskers stand on one axis of money. */
import { Fragment } from "preact"
import { useEffect, useMemo, useRef, useState } from "preact/hooks"
import { Card } from "./card.tsx"
import { download, toCsv } from "./csv.ts"
import { Command, Empty, Section, useReport } from "./frame.tsx"
import { nameOf } from "./keeping.tsx"
import type { Customer } from "./report.ts"
import { usePhone } from "./plot.tsx"
import { symlog, type Scale } from "./scale.ts"
import { amount, chance, count, days, isKnown, money, period, plural, range, share } from "./words.ts"

export function Customers() {
  const { customers } = useReport()
  return (
    <Section id="customers" title="Customers">
      {customers.length ? <List customers={customers} /> : <Empty part="customers" what="The list of customers" />}
    </Section>
  )
}

type Order = "value" | "p_alive" | "frequency" | "idle_days" | "revenue" | "name"
const PAGE = 25, PAGE_PHONE = 10

const keyOf = (c: Customer, order: Order): number | string | null =>
  order === "name" ? nameOf(c).toLowerCase() : order === "revenue" ? (c.revenue == null ? null : Number(c.revenue)) : c[order]

/* Unknown ones last, whichever way; equal ones stay as they are. */
function sorted(list: Customer[], order: Order, down: boolean): Customer[] {
  return [...list].sort((a, b) => {
    const x = keyOf(a, order), y = keyOf(b, order)
    if (x == null || y == null) return Number(x == null) - Number(y == null)
    const less = typeof x === "string" ? x.localeCompare(String(y), undefined, { numeric: true }) : x - Number(y)
    return down ? -less : less
  })
}

function List({ customers }: { customers: Customer[] }) {
  const report = useReport()
  const { headline, totals } = report
  const [query, setQuery] = useState("")
  const [order, setOrder] = useState<Order>("value")
  const [down, setDown] = useState(true)
  const page = usePhone() ? PAGE_PHONE : PAGE
  const [shown, setShown] = useState(page)
  const [open, setOpen] = useState<string | null>(null)
  const body = useRef<HTMLTableSectionElement>(null)

  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const view = useMemo(() => sorted(
    customers.filter((c) => {
      const text = `${c.person_id} ${c.key ?? ""} ${c.name ?? ""}`.toLowerCase()
      return words.every((w) => text.includes(w))
    }), order, down), [customers, query, order, down])
  const axis = useMemo(() => {
    const all = customers.flatMap((c) => [c.p10, c.p90, c.value]).filter(isKnown)
    const typical = [...all].sort((a, b) => a - b)[all.length >> 1] ?? 100
    const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(typical)))))
    return symlog(Math.min(0, ...all), Math.max(...all, 100), 4, 176, unit)
  }, [customers])

  // #p_5 opens that customer, wherever it was clicked
  useEffect(() => {
    const follow = () => {
      const id = decodeURIComponent(location.hash.slice(1))
      const i = customers.findIndex((c) => c.person_id === id)
      if (i < 0) return
      setQuery("")
      setOrder("value")
      setDown(true)
      setShown((n) => Math.max(n, Math.ceil((i + 1) / PAGE) * PAGE))
      setOpen(id)
      requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(`open-${id}`)?.focus()))
    }
    follow()
    addEventListener("hashchange", follow)
    return () => removeEventListener("hashchange", follow)
  }, [customers])

  // j and k, from wherever the list was left
  useEffect(() => {
    const step = (e: Event) => {
      const by = (e as CustomEvent<number>).detail
      const buttons = [...(body.current?.querySelectorAll<HTMLButtonElement>("button.who") ?? [])]
      const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
      if (at === buttons.length - 1 && by > 0) setShown((n) => n + PAGE)
      const to = buttons[at < 0 ? 0 : Math.max(0, Math.min(buttons.length - 1, at + by))]
      to?.focus()
      to?.scrollIntoView({ block: "nearest" })
    }
    addEventListener("patron-step", step)
    return () => removeEventListener("patron-step", step)
  }, [])

  const sort = (by: Order) => {
    setDown(by === order ? !down : by !== "name")
    setOrder(by)
  }
  const head = (by: Order, text: string, figure = true) => (
    <th scope="col" class={figure ? "figure" : undefined} aria-sort={order === by ? (down ? "descending" : "ascending") : undefined}>
      <button type="button" class="sort" onClick={() => sort(by)}>{text}<span aria-hidden="true">{order === by ? (down ? " ▾" : " ▴") : ""}</span></button>
    </th>
  )
  const csv = () => download(`${report.name}-customers-${report.run_id}.csv`, toCsv(
    ["person_id", "key", "name", "value", "value_p10", "value_p90", "p_alive", "p_buys", "purchases", "frequency", "recency_days", "age_days", "idle_days", "revenue", "reasons"],
    view.map((c) => [c.person_id, c.key, c.name, c.value, c.p10, c.p90, c.p_alive, c.p_buys, c.purchases, c.frequency, c.recency_days, c.age_days, c.idle_days, c.revenue, c.reasons.join("; ")])))

  const asked = query.replace(/["'`$\\!]/g, "").replace(/^[\s-]+/, "").trim() // nothing that a shell would take for more than a name
  const listed = totals && isKnown(totals.value) && isKnown(totals.value_in_list) && totals.value > 0 ? totals.value_in_list / totals.value : null
  return (
    <>
      <p class="says">{totals && totals.in_list < totals.customers
        ? <>The <b>{count(totals.in_list)}</b> customers worth most are expected to bring <b>{share(listed)}</b> of what all {count(totals.customers)} will.</>
        : customers.length === 1 ? <>There is <b>one</b> customer.</> : <>All <b>{count(customers.length)}</b> customers, those worth most first.</>}</p>
      <p class="measure">{headline ? `Value: ${headline.kind} of the next ${period(headline.horizon_days)}; customers who bought.` : "Customers who bought; nothing is forecast of them yet."}
        {report.names_masked && <> Names and keys are left out of this file: <code>patron report --with-names</code> puts them in.</>}</p>
      <form class="tools" role="search" onSubmit={(e) => e.preventDefault()}>
        <label for="search">Search</label>
        <input id="search" type="search" autocomplete="off" spellcheck={false} placeholder={report.names_masked ? "p_20417" : "name, key or p_20417"}
          value={query} aria-keyshortcuts="/" onInput={(e) => { setQuery(e.currentTarget.value); setShown(page) }}
          onKeyDown={(e) => {
            if (e.key === "Escape" && query) { e.preventDefault(); setQuery("") }
            if (e.key === "Enter" && view[0]) setOpen(view[0].person_id)
          }} />
        <span class="found" role="status">{query ? plural(view.length, "customer") + " found" : ""}</span>
        <button type="button" onClick={csv}>CSV of this view</button>
      </form>
      {view.length === 0 && (
        <div class="empty">
          <p>Nobody here is called “{query}”. This file holds the {count(customers.length)} customers worth most{asked ? "; ask the store for the others:" : "."}</p>
          {asked && <Command text={`patron show ${/^[\w:@.-]+$/.test(asked) ? asked : `"${asked}"`}`} />}
        </div>
      )}
      {view.length > 0 && (
        <div class="scroll" role="group" aria-label="Customers" tabIndex={0}>
          <table class="data customers">
            <caption class="unseen">Customers, {down ? "highest" : "lowest"} {order === "p_alive" ? "chance of being with us" : order.replace("_", " ")} first</caption>
            <thead>
              <tr>
                {head("name", "customer", false)}
                <th scope="col" class="figure">8 in 10, {headline ? period(headline.horizon_days) : "ahead"}</th>
                <th scope="col" class="axis-head"><span class="unseen">range, drawn</span><WhiskerAxis axis={axis} /></th>
                {head("value", "about")}
                {head("p_alive", "still with us")}
                {head("frequency", "bought")}
                {head("idle_days", "silent")}
                {head("revenue", "brought so far")}
              </tr>
            </thead>
            <tbody ref={body}>
              {view.slice(0, shown).map((c) => (
                <Fragment key={c.person_id}>
                  <tr class={open === c.person_id ? "opened" : undefined}>
                    <th scope="row"><button type="button" class="who" id={`open-${c.person_id}`} aria-expanded={open === c.person_id}
                      onClick={() => setOpen(open === c.person_id ? null : c.person_id)}
                      onKeyDown={(e) => { if (e.key === "Escape") setOpen(null) }}><span class="turn" aria-hidden="true">{open === c.person_id ? "▾" : "▸"}</span>{nameOf(c)}</button></th>
                    <td class="figure" data-head="8 in 10">{range(c.p10, c.p90)}</td>
                    <td class="drawn"><Whisker axis={axis} c={c} /></td>
                    <td class="figure" data-head="about">{money(c.value)}</td>
                    <td class="figure" data-head="still with us">{chance(c.p_alive)}</td>
                    <td class="figure" data-head="bought">{count(c.frequency + 1)}×</td>
                    <td class="figure" data-head="silent">{days(c.idle_days)}</td>
                    <td class="figure" data-head="brought so far">{amount(c.revenue)}</td>
                  </tr>
                  {open === c.person_id && <tr class="card-row"><td colSpan={8}><Card c={c} /></td></tr>}
                </Fragment>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown < view.length && (
        <p class="more">
          <span>{count(shown)} of {count(view.length)} shown</span>
          <button type="button" onClick={() => setShown(shown + page)}>Show {page} more</button>
          <button type="button" onClick={() => setShown(view.length)}>Show all</button>
        </p>
      )}
    </>
  )
}

function WhiskerAxis({ axis }: { axis: Scale }) {
  const ticks = axis.ticks.filter((t, i, all) => t === 0 || i === all.length - 1 || i === 0 || (all.length < 6 && Math.abs(t) > 0))
  const kept = ticks.filter((t, i) => i === 0 || axis(t) - axis(ticks[i - 1]!) > 34)
  return (
    <svg width="180" height="18" viewBox="0 0 180 18" aria-hidden="true" focusable="false">
      {kept.map((t) => <text class="tick-text" x={axis(t)} y="13" text-anchor={axis(t) < 20 ? "start" : axis(t) > 160 ? "end" : "middle"}>{money(t, 1)}</text>)}
    </svg>
  )
}

/* The middle 8 in 10, and the centre. */
export function Whisker({ axis, c, height = 16 }: { axis: Scale; c: Pick<Customer, "value" | "p10" | "p90">; height?: number }) {
  const y = height / 2
  return (
    <svg class="whiskers" width="180" height={height} viewBox={`0 0 180 ${height}`} aria-hidden="true" focusable="false">
      <line class="track" x1="4" x2="176" y1={y} y2={y} />
      <line class="zero" x1={axis(0)} x2={axis(0)} y1="1" y2={height - 1} />
      {isKnown(c.p10) && isKnown(c.p90) && <>
        <line class="span" x1={axis(c.p10)} x2={axis(c.p90)} y1={y} y2={y} />
        {[c.p10, c.p90].map((v) => <line class="cap" x1={axis(v)} x2={axis(v)} y1={y - 4} y2={y + 4} />)}
      </>}
      {isKnown(c.value) && <circle cx={axis(c.value)} cy={y} r="3.5" />}
    </svg>
  )
}
