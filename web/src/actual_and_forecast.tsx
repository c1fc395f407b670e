/* Actual and forecast: purchases week by week on a stretch that no choice of a model had seen, beside the fan that was forecast. */
import { Empty, Frame, useReport } from "./frame.tsx"
import { AxisY, between, Here, Label, path, Plot, type Area } from "./plot.tsx"
import type { ActualAndForecast as Data } from "./report.ts"
import { linear } from "./scale.ts"
import { ago, capital, count, day, dayNumber, decimal, isKnown, monthStart, off, period, range, times } from "./words.ts"

export function ActualAndForecast() {
  const data = useReport().actual_and_forecast
  return (
    <div id="actual_and_forecast" class="part">
      <h3>Actual and forecast</h3>
      {data && data.weeks.length ? <Chart data={data} /> : <Empty part="actual_and_forecast" what="Actual and forecast" />}
    </div>
  )
}

const outside = (w: Data["weeks"][number]) => isKnown(w.p10) && isKnown(w.p90) && (w.came < w.p10 || w.came > w.p90)

function Chart({ data }: { data: Data }) {
  const { weeks, total } = data
  const before = data.before ?? []
  const all = isKnown(total.forecast) && isKnown(total.came) && total.came > 0 ? total.forecast / total.came - 1 : null
  const missed = weeks.filter(outside)
  const worst = [...missed].sort((a, b) => Math.abs(Math.log((b.came + 1) / (b.forecast + 1))) - Math.abs(Math.log((a.came + 1) / (a.forecast + 1))))[0]
  const unit = data.unit === "week" ? "week" : data.unit
  const says = (
    <>{capital(ago(data.horizon_days))}: <b>{off(all)}</b> in all
      {missed.length === 0 ? <>, and every {unit} came within its range of 8 in 10.</>
        : <>; <b>{count(missed.length)} of {count(weeks.length)}</b> {unit}s came outside their range of 8 in 10
          {worst && worst.forecast > 0 && <>, that of {day(worst.from)} at <b>{times(worst.came / worst.forecast)}</b> the forecast</>}.</>}</>
  )
  const days = weeks.length > 1 ? dayNumber(weeks[1]!.from) - dayNumber(weeks[0]!.from) : 7

  const draw = (area: Area) => {
    const start = dayNumber((before[0] ?? weeks[0]!).from), end = dayNumber(weeks[weeks.length - 1]!.from) + days
    const x = linear(start, end, area.left, area.width - area.right, 1, false)
    const y = linear(0, Math.max(...before.map((w) => w.came), ...weeks.flatMap((w) => [w.came, w.p90 ?? w.forecast])), area.height - area.bottom, area.top, 4)
    const base = area.height - area.bottom
    const wide = Math.max(2, (x(start + days) - x(start)) * 0.62)
    const middle = (from: string) => x(dayNumber(from) + days / 2)
    const at = (key: "forecast" | "p10" | "p25" | "p75" | "p90") =>
      weeks.filter((w) => isKnown(w[key])).map((w) => [middle(w.from), y(w[key]!)] as [number, number])
    const months: number[] = []
    for (let d = start; d <= end; d++) if (new Date(d * 864e5).getUTCDate() === 1) months.push(d)
    const made = x(dayNumber(weeks[0]!.from))
    const marks = (
      <>
        <AxisY area={area} y={y} show={count} title={`purchases a ${unit}`} />
        {months.map((d, i) => {
          const m = monthStart(d)
          return (
            <g class="axis">
              <line class="tick" x1={x(d)} x2={x(d)} y1={base} y2={base + (m.month === 0 ? 12 : 5)} />
              {x(end) - x(d) > 30 && <text x={x(d) + 4} y={base + 20}>{m.short}</text>}
              {(m.month === 0 || (i === 0 && m.month < 10)) && <text class="year" x={x(d) + 4} y={base + 38}>{m.year}</text>}
            </g>
          )
        })}
        <path class="fan80" d={between(at("p90"), at("p10"))} />
        <path class="fan50" d={between(at("p75"), at("p25"))} />
        {[...before.map((w) => ({ ...w, out: false })), ...weeks.map((w) => ({ ...w, out: outside(w) }))].map((w) => (
          <rect class={w.out ? "bar out" : "bar"} x={middle(w.from) - wide / 2} y={y(w.came)} width={wide} height={Math.max(0, base - y(w.came))} />
        ))}
        {missed.map((w) => <text class="label alert bold" x={middle(w.from)} y={y(Math.max(w.came, w.p90!)) - 8} text-anchor="middle">{w.came > w.forecast ? "▲" : "▼"}</text>)}
        <path class="expected" d={path(at("forecast"))} />
        <line class="now" x1={made} x2={made} y1={area.top} y2={base} />
        <Label x={made + 6} y={area.top + 2} tone="muted">forecast made {day(data.made_on)}</Label>
        {before.length > 0 && <Label x={area.left + 4} y={area.top + 2} bold>bars: came</Label>}
        <Label x={x(end) + 6} y={at("forecast")[weeks.length - 1]![1]} tone="value">forecast</Label>
        {isKnown(weeks[weeks.length - 1]!.p90) && Math.abs(at("p90")[weeks.length - 1]![1] - at("forecast")[weeks.length - 1]![1]) > 15 &&
          <Label x={x(end) + 6} y={at("p90")[weeks.length - 1]![1]} tone="value">8 in 10</Label>}
      </>
    )
    const readings = [
      ...before.map((w) => ({ x: middle(w.from), y: y(w.came), says: `${capital(unit)} of ${day(w.from)}: ${count(w.came)} came` })),
      ...weeks.map((w) => ({ x: middle(w.from), y: y(w.came),
        says: `${capital(unit)} of ${day(w.from)}: ${count(w.came)} came; forecast ${count(w.forecast)}, 8 in 10 ${range(w.p10, w.p90, count)}${outside(w) ? "; outside" : ""}` })),
    ]
    const onFocus = (i: number | null) => <Here area={area} x={readings[i!]!.x} y={readings[i!]!.y} line={false} />
    return { marks, readings, onFocus }
  }

  return (
    <Frame part="actual_and_forecast" says={says} source="history.purchase_days, track_record"
      measure={`Purchases a ${unit} of those who had bought by ${day(data.made_on)}; solid bars: came, dashed with its fan: forecast that day for ${period(data.horizon_days)}, ${count(total.forecast)} in all, ${count(total.came)} came`}
      table={{
        caption: `Purchases by ${unit}: forecast on ${day(data.made_on)}, and what came`,
        columns: [
          { head: `${unit} of`, show: (c) => day(c as string) }, { head: "came", figure: true, show: (c) => count(c as number) },
          { head: "forecast", figure: true, show: whole }, { head: "8 in 10, from", figure: true, show: whole }, { head: "8 in 10, to", figure: true, show: whole },
          { head: "5 in 10, from", figure: true, show: whole }, { head: "5 in 10, to", figure: true, show: whole }, { head: "outside" , show: (c) => c ?? "" },
        ],
        rows: [
          ...before.map((w) => [w.from, w.came, null, null, null, null, null, null]),
          ...weeks.map((w) => [w.from, w.came, w.forecast, w.p10, w.p90, w.p25, w.p75, outside(w) ? (w.came > w.forecast ? "above" : "below") : ""]),
        ],
      }}
      how={<p>The model was fitted to what was known on {day(data.made_on)}, and all choices were made on days before it. The bars after that day
        were not seen by either. One {unit} in five may fall outside its range; more than that, or many in a row on one side, is a fault of
        the model or something that moved everyone.</p>}>
      <Plot name={`${unit} by ${unit}`} draw={draw} minWidth={560} height={(w) => Math.max(300, w * 0.38)}
        margin={() => ({ top: 34, right: 68, bottom: 50, left: 56 })} />
    </Frame>
  )
}

const whole = (c: string | number | null) => (c == null ? "" : decimal(c as number, 0))
