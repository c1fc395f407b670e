/* Calibration: of tenths of the customers, from those forecast to buy least to those forecast to buy most, what came. */
import { Empty, Frame, useReport } from "./frame.tsx"
import { AxisX, AxisY, Here, Label, Plot, type Area } from "./plot.tsx"
import type { Calibration as Data } from "./report.ts"
import { linear, log } from "./scale.ts"
import { capital, ago, count, day, decimal, isKnown, miss, off, period, range } from "./words.ts"

const NEAR = 0.15

export function Calibration() {
  const data = useReport().calibration
  return (
    <div id="calibration" class="part">
      <h3>Calibration</h3>
      {data && data.tenths.length ? <Chart data={data} /> : <Empty part="calibration" what="Calibration" />}
    </div>
  )
}

type Tenth = Data["tenths"][number]
const missOf = (t: Tenth) => (t.came > 0 ? t.forecast / t.came - 1 : null)
const isNear = (t: Tenth) => Math.abs(t.forecast - t.came) <= NEAR * t.came
const isOutside = (t: Tenth) => isKnown(t.p10) && isKnown(t.p90) && (t.came < t.p10 || t.came > t.p90)
const two = (v: number | null) => decimal(v, isKnown(v) && v >= 99.95 ? 0 : 2)

function Chart({ data }: { data: Data }) {
  const { tenths } = data
  const near = tenths.filter(isNear).length
  const worst = tenths.filter((t) => !isNear(t)).sort((a, b) => Math.abs(missOf(b) ?? 9) - Math.abs(missOf(a) ?? 9))[0]
  const customers = tenths.reduce((sum, t) => sum + t.customers, 0)
  const says = (
    <>In <b>{count(near)} of {count(tenths.length)}</b> groups the forecast was within <b>15&nbsp;%</b>
      {worst ? <>; in group {worst.tenth} it was {isKnown(missOf(worst)) ? off(missOf(worst)) : "above nothing"}.</> : "."}</>
  )

  const draw = (area: Area) => {
    const all = tenths.flatMap((t) => [t.forecast, t.came, t.p10 ?? t.came, t.p90 ?? t.came])
    const above = all.filter((v) => v > 0)
    const logs = above.length === all.length && Math.max(...all) / Math.min(...all) > 4
    const low = Math.min(...above) * 0.85, high = Math.max(...above, 0.1) * 1.15
    const scale = (from: number, to: number) => (logs ? log(low, high, from, to) : linear(0, high, from, to, 5))
    const x = scale(area.left, area.width - area.right), y = scale(area.height - area.bottom, area.top)
    const ends: [number, number] = logs ? [low, high] : [0, high]
    const show = (v: number) => decimal(v, v < 0.095 ? 2 : v < 0.95 ? 1 : v % 1 ? 1 : 0)
    const marks = (
      <>
        <AxisY area={area} y={y} show={show} title="came" />
        <AxisX area={area} x={x} show={show} title="forecast" grid />
        <line class="even" x1={x(ends[0])} y1={y(ends[0])} x2={x(ends[1])} y2={y(ends[1])} />
        <Label x={area.width - area.right - 4} y={area.height - area.bottom - 14} anchor="end" tone="muted">dotted: as forecast</Label>
        {tenths.map((t) => (
          <g class={isOutside(t) ? "tenth out" : "tenth"}>
            {isKnown(t.p10) && isKnown(t.p90) && <line class="whisker" x1={x(t.forecast)} x2={x(t.forecast)} y1={y(logs ? Math.max(t.p10, low) : t.p10)} y2={y(t.p90)} />}
            <circle cx={x(t.forecast)} cy={y(t.came)} r={5} />
            {(isOutside(t) || t.tenth === 1 || t.tenth === tenths.length) && <Label x={x(t.forecast) + 10} y={y(t.came) + 14} tone={isOutside(t) ? "alert" : "muted"}>{t.tenth}</Label>}
          </g>
        ))}
      </>
    )
    const readings = tenths.map((t) => ({ x: x(t.forecast), y: y(t.came),
      says: `Group ${t.tenth} of ${tenths.length}, ${count(t.customers)} customers: forecast ${two(t.forecast)}, came ${two(t.came)}${isKnown(t.p10) ? `; 8 in 10 ${range(t.p10, t.p90, two)}` : ""}` }))
    return { marks, readings, onFocus: (i: number | null) => <Here area={area} x={readings[i!]!.x} y={readings[i!]!.y} line={false} /> }
  }

  return (
    <Frame part="calibration" says={says} source="track_record"
      measure={`Purchases a customer in ${period(data.horizon_days)}, forecast ${ago(data.horizon_days)} on ${day(data.made_on)} and came; ${count(customers)} customers in ${count(tenths.length)} groups of ${count(tenths[0]!.customers)}, from the least forecast to the most; bars: where 8 in 10 groups should come`}
      table={{
        caption: "Purchases a customer, by tenth of the forecast",
        columns: [
          { head: "group", show: (c) => String(c) }, { head: "customers", figure: true, show: (c) => count(c as number) },
          { head: "forecast", figure: true, show: (c) => two(c as number) }, { head: "came", figure: true, show: (c) => two(c as number) },
          { head: "off", figure: true, show: (_, row) => miss((row[3] as number) > 0 ? (row[2] as number) / (row[3] as number) - 1 : null) || "–" },
          { head: "8 in 10, from", figure: true, show: (c) => two(c as number) }, { head: "8 in 10, to", figure: true, show: (c) => two(c as number) },
        ],
        rows: tenths.map((t) => [t.tenth, t.customers, t.forecast, t.came, missOf(t), t.p10, t.p90]),
      }}
      how={<p>Customers known on {day(data.made_on)} are put in order by what was forecast of them and cut into tenths. {capital(ago(data.horizon_days))} nobody
        knew what would come; a dot on the line means that the forecast of that tenth was right on average. Orange, with its number: outside its
        range.</p>}>
      <Plot name="group by group" draw={draw} maxWidth={520} paperWidth={360} height={(w) => (w === 360 ? 500 : w)} plane
        margin={(phone) => ({ top: 34, right: 16, bottom: 50, left: phone ? 44 : 52 })} />
    </Frame>
  )
}
