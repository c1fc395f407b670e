/* What is coming: what today's customers brought month by month, and the fan of what they will bring. */
import { Empty, Frame, Section, useReport } from "./frame.tsx"
import { apart, AxisY, between, Here, Label, path, Plot, roomFor, type Area } from "./plot.tsx"
import type { Cell } from "./csv.ts"
import type { Coming as Data } from "./report.ts"
import { linear } from "./scale.ts"
import { capital, count, day, dayNumber, inEight, isKnown, money, moneyTick, monthStart, period, range, share, stretch, timeBefore } from "./words.ts"

export function Coming() {
  const data = useReport().coming
  return (
    <Section id="coming" title="What is coming">
      {data && data.forecast.length ? <Chart data={data} /> : <Empty part="coming" what="What is coming" />}
    </Section>
  )
}

function Chart({ data }: { data: Data }) {
  const { headline, as_of, totals, settings, currency } = useReport()
  const { actual, forecast } = data
  const ahead = headline ? period(headline.horizon_days) : `${forecast.length} months`
  const says = headline && isKnown(headline.value)
    ? <>Today's customers bring <b>{range(headline.p10, headline.p90)}</b> in the next {ahead}, about <b>{money(headline.value)}</b>
      {isKnown(headline.before) && <>; {timeBefore(headline.horizon_days, headline.before_days)} brought <b>{money(headline.before)}</b></>}.</>
    : <>What today's customers bring, month by month.</>
  const now = dayNumber(as_of)
  const middle = (from: string, to: string) => (dayNumber(from) + dayNumber(to) + 1) / 2

  const tops = [...actual.map((m) => m.value), ...forecast.flatMap((m) => [m.value, m.p90 ?? m.value])]
  const lows = [0, ...actual.map((m) => m.value), ...forecast.flatMap((m) => [m.value, m.p10 ?? m.value])]
  const upright = (from: number, to: number) => linear(Math.min(...lows), Math.max(...tops), from, to, 4)

  const draw = (area: Area) => {
    const first = actual.length ? dayNumber(actual[0]!.from) : now
    const last = dayNumber(forecast[forecast.length - 1]!.to) + 1
    const x = linear(first, last, area.left, area.width - area.right, 1, false)
    const y = upright(area.height - area.bottom, area.top)
    const base = area.height - area.bottom
    const came = actual.map((m) => [x(middle(m.from, m.to)), y(m.value)] as [number, number])
    const at = (key: "value" | "p10" | "p25" | "p75" | "p90") =>
      forecast.filter((m) => isKnown(m[key])).map((m) => [x(middle(m.from, m.to)), y(m[key]!)] as [number, number])
    const join = came.length ? [came[came.length - 1]!] : []
    const months: number[] = []
    for (let d = first; d <= last; d++) if (new Date(d * 864e5).getUTCDate() === 1) months.push(d)
    const every = area.phone ? 6 : months.length > 18 ? 3 : 1
    const end = forecast[forecast.length - 1]!
    const ends = apart(
      ([["value", "middle"], ["p75", "5 in 10"], ["p90", "8 in 10"]] as const)
        .filter(([key]) => isKnown(end[key])).map(([key, text]) => ({ y: y(end[key]!), text })), 17, area.top, base - 8)
    const lastCame = came[came.length - 1]
    const marks = (
      <>
        <AxisY area={area} y={y} show={moneyTick} title={`${data.measure} a month`} />
        {months.map((d) => {
          const m = monthStart(d)
          const named = m.month % every === 0
          const width = x(d + 30) - x(d)
          return (
            <g class="axis">
              <line class="tick" x1={x(d)} x2={x(d)} y1={base} y2={base + (m.month === 0 ? 12 : 5)} />
              {named && d + 15 < last && <text x={x(d) + width / 2} y={base + 20} text-anchor="middle">{m.short}</text>}
              {(m.month === 0 || d === months[0]) && d + 40 < last && (m.month === 0 || !(months.some((o) => o > d && o < d + 100 && monthStart(o).month === 0))) &&
                <text class="year" x={x(d) + 4} y={base + 38}>{m.year}</text>}
            </g>
          )
        })}
        <path class="fan80" d={between(at("p90"), at("p10"))} />
        <path class="fan50" d={between(at("p75"), at("p25"))} />
        {came.length > 0 && <path class="join" d={path([...join, ...at("value").slice(0, 1)])} />}
        <path class="came" d={path(came)} />
        {(came.length < 2 || came[1]![0] - came[0]![0] > 12) && came.map(([cx, cy]) => <circle class="dot came" cx={cx} cy={cy} r={3} />)}
        <path class="expected" d={path(at("value"))} />
        <line class="now" x1={x(now + 1)} x2={x(now + 1)} y1={area.top} y2={base} />
        <Label x={x(now + 1) + 6} y={area.top + 2} tone="muted">{area.phone ? "today" : `${day(as_of)}: today`}</Label>
        {lastCame && !area.phone && <Label x={came[0]![0] + (came.length < 3 ? 10 : 0)} y={came.length < 3 ? came[0]![1] : Math.max(area.top + 20, Math.min(...came.slice(0, 4).map((c) => c[1])) - 18)} bold>came</Label>}
        {ends.map((l) => <Label x={x(last) + (area.phone ? 2 : -4)} y={l.y} tone="value">{l.text}</Label>)}
      </>
    )
    const readings = [
      ...actual.map((m) => ({ x: x(middle(m.from, m.to)), y: y(m.value), says: `${stretch(m.from, m.to)}: ${money(m.value, 3)} came` })),
      ...forecast.map((m) => ({ x: x(middle(m.from, m.to)), y: y(m.value),
        says: `${stretch(m.from, m.to)}: ${inEight(m.p10, m.p90)}; 5 in 10 ${range(m.p25, m.p75)}; about ${money(m.value)}${isKnown(m.to_date_p10) && isKnown(m.to_date_p90) ? `. From ${day(as_of)} to then: ${range(m.to_date_p10, m.to_date_p90)}` : ""}` })),
    ]
    const onFocus = (i: number | null) => {
      const r = readings[i!]!
      const m = forecast[i! - actual.length]
      return (
        <>
          {m && isKnown(m.p10) && isKnown(m.p90) && <line class="whisker" x1={r.x} x2={r.x} y1={y(m.p10)} y2={y(m.p90)} />}
          <Here area={area} x={r.x} y={r.y} line={!m} />
        </>
      )
    }
    return { marks, readings, onFocus }
  }

  return (
    <Frame part="coming" says={says}
      measure={`${capital(data.measure)}, ${currency} a month; solid: came, whole months; dashed: forecast from ${day(as_of)} on, of the ${totals ? count(totals.customers) + " " : ""}customers of today, no new ones`}
      source="ledger, forecast"
      table={{
        caption: `${data.measure} by month: what came, and what today's customers will bring`,
        columns: [
          { head: "from" , show: (c) => day(c as string) }, { head: "to", show: (c) => day(c as string) }, { head: "came", figure: true, show: money3 },
          { head: "forecast", figure: true, show: money2 }, { head: "8 in 10, from", figure: true, show: money2 }, { head: "8 in 10, to", figure: true, show: money2 },
          { head: "5 in 10, from", figure: true, show: money2 }, { head: "5 in 10, to", figure: true, show: money2 },
          ...(forecast.some((m) => isKnown(m.to_date)) ? [{ head: "from today on", hidden: true }, { head: "from today on, 8 in 10", figure: true, show: (c: Cell, row: Cell[]) => (c == null ? "" : range(c as number, row[10] as number)) }, { head: "from today on, to", hidden: true }] : []),
        ],
        rows: [
          ...actual.map((m) => [m.from, m.to, m.value]),
          ...forecast.map((m) => [m.from, m.to, null, m.value, m.p10, m.p90, m.p25, m.p75, m.to_date ?? null, m.to_date_p10 ?? null, m.to_date_p90 ?? null]),
        ],
      }}
      how={<>
        <p>Each customer's purchases are forecast from how often and how recently they bought, with the season where there is one, times
          what a purchase of theirs is worth{settings?.discount_rate ? `, discounted ${share(settings.discount_rate)} a year` : ""}. The
          months sum to the value of the {ahead}.</p>
        <p>The fan holds luck, what is not known of the model, and how far past forecasts of the total missed; months miss together, so
          the ranges of months do not add up to the range of the year. New customers are not in it.</p>
      </>}>
      <Plot name="month by month" draw={draw} height={(w) => (w < 560 ? 300 : Math.max(320, w * 0.42))}
        margin={(phone) => ({ top: 34, right: phone ? 52 : 64, bottom: 50, left: roomFor(upright(0, 1).ticks.map(moneyTick), 52) })} />
    </Frame>
  )
}

const money2 = (c: string | number | null) => (c == null ? "" : money(c as number))
const money3 = (c: string | number | null) => (c == null ? "" : money(c as number, 3))
