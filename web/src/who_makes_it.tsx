/* Who makes it: how much of the value the best customers bring, expected beside what came. */
import { Empty, Frame, Section, useReport } from "./frame.tsx"
import { AxisX, AxisY, between, Label, path, Plot, type Area } from "./plot.tsx"
import type { Num, Point, WhoMakesIt as Data } from "./report.ts"
import { linear } from "./scale.ts"
import { count, isKnown, money, period, share } from "./words.ts"

const BEST = 0.2

/* The curve's height at a share of customers. */
export function heightAt(curve: Point[] | null, x: number): number | null {
  if (!curve) return null
  const i = curve.findIndex((p) => p[0] >= x)
  if (i < 0) return null
  const b = curve[i]!, a = curve[Math.max(0, i - 1)]!
  return b[0] === a[0] ? b[1] : a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0])
}

/* The range of what the best fifth brings. */
export function bestRange(data: Data | null): [Num, Num] {
  return [data?.best_fifth?.low ?? heightAt(data?.low ?? null, BEST), data?.best_fifth?.high ?? heightAt(data?.high ?? null, BEST)]
}

const SQL = "SELECT share_of_customers, max(share_of_value) AS share_of_value FROM (SELECT ceil(100 * row_number() OVER best / count(*) OVER ())"
  + " / 100 AS share_of_customers, sum(value) OVER best / sum(value) OVER () AS share_of_value FROM customers WHERE value IS NOT NULL"
  + " WINDOW best AS (ORDER BY value DESC, person_id)) GROUP BY ALL ORDER BY ALL"

export function WhoMakesIt() {
  const report = useReport()
  const data = report.who_makes_it
  return (
    <Section id="who_makes_it" title="Who makes it">
      {data?.expected || data?.observed ? <Chart data={data} /> : <Empty part="who_makes_it" what="Who makes it" />}
    </Section>
  )
}

function Chart({ data }: { data: Data }) {
  const { headline, totals } = useReport()
  const { expected, observed, low, high, best_fifth: best } = data
  const ahead = headline ? period(headline.horizon_days) : "time ahead"
  const buyers = totals?.customers ?? headline?.buyers ?? null
  const [lowest, highest] = bestRange(data)
  const curve = observed ?? expected!
  const says = best && isKnown(best.expected)
    ? <>The best <b>20&nbsp;%</b> are expected to bring <b>{share(best.expected)}</b>{isKnown(lowest) && isKnown(highest) && share(lowest) !== share(highest) && <> (8&nbsp;in&nbsp;10: {share(lowest)} to {share(highest)})</>}
      {isKnown(best.observed) && <>; they brought <b>{share(best.observed)}</b></>}.</>
    : <>The best <b>20&nbsp;%</b> brought <b>{share(best?.observed ?? null)}</b> so far.</>

  const draw = (area: Area) => {
    const x = linear(0, 1, area.left, area.width - area.right, area.phone ? 4 : 5, false)
    const y = linear(0, 1.1, area.height - area.bottom, area.top, 6, false) // room for words above the lines
    const places = (points: Point[]) => points.map(([a, b]) => [x(a), y(b)] as [number, number])
    const e20 = heightAt(expected, BEST), o20 = heightAt(observed, BEST)
    const oTop = (o20 ?? 0) >= (e20 ?? 0)
    const marks = (
      <>
        <AxisY area={area} y={y} show={(v) => share(v)} title="share of value" />
        <AxisX area={area} x={x} show={(v) => share(v)} title="share of customers, the best first" />
        <line class="even" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
        {!area.phone && (heightAt(expected ?? observed, 0.66) ?? 0) > 0.8 && <Label x={x(0.66)} y={y(0.66) + 18} tone="muted">if all brought the same</Label>}
        {low && high && <path class="band" d={between(places(high), places(low))} />}
        {observed && <path class="came" d={path(places(observed))} />}
        {expected && <path class="expected" d={path(places(expected))} />}
        {isKnown(e20) && isKnown(o20) && <line class="gap" x1={x(BEST)} x2={x(BEST)} y1={y(o20)} y2={y(e20)} />}
        {isKnown(o20) && <circle class="dot came" cx={x(BEST)} cy={y(o20)} r={5} />}
        {isKnown(e20) && <circle class="dot open" cx={x(BEST)} cy={y(e20)} r={5} />}
        {isKnown(o20) && <Label x={x(BEST) + (!oTop ? 14 : area.phone ? 0 : -12)} y={y(o20) + (!oTop ? 16 : area.phone ? -28 : -14)} anchor={!oTop ? "start" : area.phone ? "middle" : "end"} bold>{share(o20)} came</Label>}
        {isKnown(e20) && <Label x={x(BEST) + (oTop ? 14 : -12)} y={y(e20) + (oTop ? 16 : -14)} anchor={oTop ? "start" : "end"} tone="value" bold>{share(e20)} expected</Label>}
        {!area.phone && observed && <Label x={x(0.5)} y={y(1.05)} anchor="middle">solid: what customers brought so far</Label>}
        {!area.phone && expected && <Label x={x(0.45)} y={y(Math.min(heightAt(expected, 0.45)!, heightAt(low, 0.45) ?? 1, heightAt(observed, 0.45) ?? 1)) + 24} tone="value">dashed: expected, {ahead}{low ? "; band: 8 in 10" : ""}</Label>}
      </>
    )
    const readings = curve.filter(([a]) => a > 0).map(([a]) => ({
      x: x(a),
      y: y((heightAt(expected, a) ?? heightAt(observed, a))!),
      says: `Best ${share(a)}: ${buyers ? `${count(buyers * a)} customers; ` : ""}`
        + [expected && `expected ${share(heightAt(expected, a))}${low && high ? `, 8 in 10 ${share(heightAt(low, a))} to ${share(heightAt(high, a))}` : ""}`
          + (isKnown(headline?.value) ? ` or about ${money(headline!.value! * heightAt(expected, a)!)}` : ""),
          observed && `brought ${share(heightAt(observed, a))} so far`].filter(Boolean).join("; "),
    }))
    return { marks, readings }
  }

  return (
    <Frame part="who_makes_it" says={says}
      measure={`Share of ${headline?.kind ?? "value"}, %, the best customers first; expected over ${ahead}, and what came from the first day on; ${count(buyers)} customers who bought`}
      source="customers" sql={SQL}
      table={{
        caption: "Share of value that the best customers bring",
        columns: [
          { head: "best customers", figure: true, show: (c) => share(c as number) },
          { head: "expected", figure: true, show: (c) => share(c as number, 1) },
          { head: "8 in 10, from", figure: true, show: (c) => share(c as number, 1) },
          { head: "8 in 10, to", figure: true, show: (c) => share(c as number, 1) },
          { head: "brought so far", figure: true, show: (c) => share(c as number, 1) },
        ],
        rows: [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map((a) =>
          [a, heightAt(expected, a), heightAt(low, a), heightAt(high, a), heightAt(observed, a)]),
      }}
      how={<>
        <p>Each line puts customers in order, the best first, and adds up what they bring. The dashed line orders them by the value
          expected of them, the solid line by what each has brought, so the two lines may hold different people.</p>
        <p>What came is more uneven than what is expected, because part of a good year is luck, and luck does not repeat. The band
          is where 8 in 10 such lines run: luck, and how far the share of the best missed before.</p>
      </>}>
      <Plot name="by share of customers" draw={draw} maxWidth={760} height={(w) => (w < 560 ? w * 0.75 + 40 : w * 0.52)}
        margin={() => ({ top: 26, right: 30, bottom: 48, left: 56 })} />
    </Frame>
  )
}
