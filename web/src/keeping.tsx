/* Worth keeping: customers of value who have gone quiet. A plane of chance and value, and the list of its corner. */
import type { TableData } from "./table.tsx"
import { DataTable } from "./table.tsx"
import { Empty, Frame, Section, useReport } from "./frame.tsx"
import { AxisX, AxisY, Here, Label, Plot, roomFor, usePhone, type Area } from "./plot.tsx"
import type { Customer, Keeping as Data } from "./report.ts"
import { linear, log, symlog } from "./scale.ts"
import { amount, chance, count, days, decimal, isKnown, money, moneyTick, period, plural, range, worthInWords } from "./words.ts"

export function Keeping() {
  const data = useReport().keeping
  return (
    <Section id="keeping" title="Worth keeping">
      {data ? <Chart data={data} /> : <Empty part="keeping" what="Worth keeping" />}
    </Section>
  )
}

export const nameOf = (c: { name: string | null; key: string | null; person_id: string }) => c.name ?? c.key ?? c.person_id

/* Together, with its range where there is one. */
function Worth({ of }: { of: Data }) {
  return isKnown(of.p10) && isKnown(of.p90) ? <><b>{range(of.p10, of.p90)}</b>, about {money(of.value)},</> : <>about <b>{money(of.value)}</b></>
}

const LISTED = 10, LISTED_PHONE = 5

function Chart({ data }: { data: Data }) {
  const { customers, headline, totals } = useReport()
  const phone = usePhone()
  const quiet = new Set(data.list.map((c) => c.person_id))
  const points = (data.points ?? []).map(([p, v, i]) => ({ p, v, of: i == null ? undefined : customers[i] }))
  const ahead = headline ? period(headline.horizon_days) : "time ahead"
  const says = data.customers
    ? <><b>{plural(data.customers, "customer")}</b> worth <Worth of={data} /> {data.customers === 1 ? "has" : "have"} gone quiet.</>
    : <>No customer of value has gone quiet.</>

  const worth = (c: Customer) => Object.values(worthInWords(c, ahead)).filter(Boolean).join("; ")
  const sentence = (c: Customer | undefined, p: number, v: number) =>
    c ? `${nameOf(c)}: bought ${c.frequency + 1} times${isKnown(c.usual_gap_days) ? `, about every ${count(c.usual_gap_days)} days` : ""}, silent ${count(c.idle_days)}; `
      + `${worth(c)}; ${chance(c.p_alive)} still with us`
      : `${chance(p)} still with us; about ${money(v)}`

  // logarithmic where values differ much, and where there are losses linear around zero
  const values = points.map((d) => d.v)
  const top = Math.max(10, ...values), bottom = Math.min(0, ...values), least = Math.min(...values)
  const logs = least > 0 && top / least > 8
  const floor = logs ? least * 0.9 : bottom
  const typical = values.map(Math.abs).sort((a, b) => a - b)[values.length >> 1] || 1
  const upright = (from: number, to: number) =>
    logs ? log(floor, top * 1.1, from, to)
      : top > 20 * typical || bottom < 0 ? symlog(floor, top * 1.1, from, to, 10 ** Math.floor(Math.log10(typical)))
        : linear(floor, top, from, to, 4)

  const draw = (area: Area) => {
    const x = linear(0, 1, area.left, area.width - area.right, 5, false)
    const y = upright(area.height - area.bottom, area.top)
    const dots = (emphasis: boolean) => points.filter((d) => quiet.has(d.of?.person_id ?? "") === emphasis)
    // names where they do not stand on one another
    const named: { x: number; y: number; name: string }[] = []
    for (const d of dots(true)) {
      const at = { x: x(d.p), y: y(d.v), name: nameOf(d.of!) }
      const room = 7.5 * at.name.length + 16
      const covered = dots(true).some((o) => o !== d && Math.abs(y(o.v) - at.y) < 14 && x(o.p) > at.x - 4 && x(o.p) < at.x + room)
      if (!covered && at.name.length < 24 && at.x + room < area.width - area.right && !named.some((o) => Math.abs(o.y - at.y) < 16 && at.x < o.x + 7.5 * o.name.length + 24 && o.x < at.x + room)) named.push(at)
    }
    const marks = (
      <>
        <AxisY area={area} y={y} show={moneyTick} title={`value, ${ahead}`} />
        <AxisX area={area} x={x} show={(v) => (v === 0 ? "0" : v === 1 ? "sure" : `${decimal(10 * v, 0)} in 10`)} title="chance that they are still with us" />
        {dots(false).map((d) => <circle class="point" cx={x(d.p)} cy={y(d.v)} r={3} />)}
        {dots(true).map((d) => <path class="point quiet" d={`M${x(d.p)},${y(d.v) - 7}l7,7l-7,7l-7,-7Z`} />)}
        {named.map((d) => <Label x={d.x + 12} y={d.y} tone="alert" bold>{d.name}</Label>)}
        {quiet.size > 0 && <Label x={area.left + 8} y={area.height - area.bottom - 32} tone="alert">◆ gone quiet</Label>}
        {quiet.size > 0 && <Label x={area.left + 8} y={area.height - area.bottom - 14} tone="muted">○ the others</Label>}
      </>
    )
    const readings = points.map((d) => ({ x: x(d.p), y: y(d.v), says: sentence(d.of, d.p, d.v) }))
    const onFocus = (i: number | null) => {
      const d = points[i!]!, r = readings[i!]!
      return (
        <>
          {isKnown(d.of?.p10) && isKnown(d.of?.p90) && <line class="whisker" x1={r.x} x2={r.x} y1={y(Math.max(d.of.p10, floor))} y2={y(d.of.p90)} />}
          <Here area={area} x={r.x} y={r.y} line={false} />
        </>
      )
    }
    return { marks, readings, onFocus }
  }

  const table: TableData = {
    caption: data.customers > data.list.length ? `The ${data.list.length} worth most of ${count(data.customers)} who have gone quiet` : "Customers of value who have gone quiet",
    columns: [
      { head: "person_id", hidden: true },
      { head: "customer", show: (c, row) => <a href={`#${row[0]}`}>{c}</a> },
      { head: `8 in 10, ${ahead}`, figure: true, show: (c, row) => range(c as number, row[3] as number) },
      { head: "8 in 10, to", hidden: true },
      { head: "about", figure: true, show: (c) => money(c as number) },
      { head: "purchases", figure: true, show: (c) => count(c as number) },
      { head: "usual gap", figure: true, show: (c) => days(c as number) },
      { head: "silent", figure: true, show: (c) => days(c as number) },
      { head: "still with us", figure: true, show: (c) => chance(c as number) },
      { head: "brought so far", figure: true, show: (c) => amount(c as string) },
    ],
    rows: data.list.map((c) => [c.person_id, nameOf(c), c.p10, c.p90, c.value, c.purchases, c.usual_gap_days, c.idle_days, c.p_alive, c.revenue]),
  }
  const some = phone ? LISTED_PHONE : LISTED
  const listed: TableData = { ...table, rows: table.rows.slice(0, some),
    caption: data.list.length > some ? `The ${some} worth most of ${count(data.customers)} who have gone quiet` : table.caption }
  return (
    <Frame part="keeping" long says={says} table={table} source="customers"
      measure={`Value over ${ahead} and chance of being a customer still; ${points.length ? (totals && totals.customers > points.length ? `the ${count(points.length)} customers worth most of ${count(totals.customers)}` : `all ${plural(points.length, "customer")}`) : "today's customers"}`}
      sql="SELECT person_id, p_alive, value, value_p10, value_p90, idle_days, recency_days / frequency AS usual_gap_days FROM customers WHERE frequency >= 2 AND idle_days > 3 * recency_days / frequency ORDER BY value DESC LIMIT 20"
      how={<>
        <p>Gone quiet: {data.rule}. The chance of being with us still is the model's, from how often and how recently each bought.</p>
        {isKnown(data.p10) && data.customers > 1 && <p>The range of all of them together is made of each one's luck, what is not known of the model, and how far past totals of
          everyone missed; how far past totals of the quiet alone missed is not measured.</p>}
        <p>That somebody has gone quiet says when they last bought, not why. Whether reminding them helps is not known until it is tried
          with some left alone by lot.</p>
      </>}>
      {!phone && points.length > 0 && <Plot name="customer by customer" draw={draw} plane height={(w) => w * 0.5}
        margin={() => ({ top: 34, right: 24, bottom: 48, left: roomFor(upright(0, 1).ticks.map(moneyTick), 64) })} />}
      {data.list.length > 0 && <DataTable data={listed} />}
    </Frame>
  )
}
