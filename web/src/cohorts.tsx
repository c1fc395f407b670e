/* Cohorts: of the customers won in a quarter, how many bought in each quarter since. A table that is its own chart. */
import { Empty, Frame, Section, useReport } from "./frame.tsx"
import type { Cohorts as Data } from "./report.ts"
import { count, isKnown, share } from "./words.ts"

/* Below this a share says little: hatched, without colour. */
const SMALL = 30

export function Cohorts() {
  const data = useReport().cohorts
  return (
    <Section id="cohorts" title="Cohorts">
      {data && data.rows.some((r) => r.cells.length) ? <Chart data={data} /> : <Empty part="cohorts" what="Cohorts" />}
    </Section>
  )
}

type Row = Data["rows"][number]

/* Mean share over the quarters that both rows have whole. */
function comparison(rows: Row[]): { row: Row; mine: number; theirs: number } | null {
  let best: { row: Row; mine: number; theirs: number } | null = null
  const apart = (a: number, b: number) => Math.abs(Math.log((a + 0.001) / (b + 0.001)))
  for (const row of rows) {
    if (row.customers < SMALL) continue
    const others = rows.filter((o) => o !== row && o.customers >= SMALL)
    const quarters = row.cells.filter((c) => c.complete && others.some((o) => o.cells.some((d) => d.quarter === c.quarter && d.complete)))
    if (quarters.length < 2) continue
    let mine = 0, theirs = 0
    for (const q of quarters) {
      const cells = others.flatMap((o) => o.cells.filter((d) => d.quarter === q.quarter && d.complete).map((d) => ({ n: o.customers, x: d.customers })))
      mine += q.share
      theirs += cells.reduce((s, c) => s + c.x, 0) / cells.reduce((s, c) => s + c.n, 0)
    }
    mine /= quarters.length
    theirs /= quarters.length
    if (!best || apart(mine, theirs) > apart(best.mine, best.theirs)) best = { row, mine, theirs }
  }
  return best
}

function Chart({ data }: { data: Data }) {
  const { rows } = data
  const quarters = Math.max(...rows.flatMap((r) => r.cells.map((c) => c.quarter)))
  const most = Math.max(...rows.filter((r) => r.customers >= SMALL).flatMap((r) => r.cells.map((c) => c.share)), 0.01)
  const stands = comparison(rows)
  const unit = data.unit
  const says = stands
    ? <>Of the customers won in {stands.row.label}, <b>{share(stands.mine)}</b> bought again in a {unit}; of the others, after as long, <b>{share(stands.theirs)}</b>.</>
    : <>How many of the customers won in each {unit} bought again.</>
  const first = rows[0], at4 = first?.cells.find((c) => c.quarter === 4)
  return (
    <Frame part="cohorts" says={says} source="history.purchase_days"
      measure={`Share of the customers won in a ${unit} who bought in each ${unit} since, %${first && at4 ? `; of ${count(first.customers)} won in ${first.label}, ${share(at4.share)} bought four ${unit}s later` : ""}; small print: ${unit} not over`}
      sql="SELECT date_trunc('quarter', days[1]) AS cohort, date_diff('quarter', days[1], day) AS quarter, count(DISTINCT person) AS customers FROM (SELECT person, days, unnest(days) AS day FROM history.purchase_days) GROUP BY ALL ORDER BY ALL"
      table={{
        caption: `Customers of each first ${unit} who bought in the ${unit}s since`,
        columns: [{ head: `won in` }, { head: "customers", figure: true, show: (c) => count(c as number) }, { head: `${unit}s since`, figure: true, show: (c) => count(c as number) },
          { head: "bought", figure: true, show: (c) => count(c as number) }, { head: "share", figure: true, show: (c) => share(c as number, 1) },
          { head: "8 in 10, from", figure: true, show: (c) => share(c as number, 1) }, { head: "8 in 10, to", figure: true, show: (c) => share(c as number, 1) }, { head: `${unit} over` }],
        rows: rows.flatMap((r) => r.cells.map((c) => [r.label, r.customers, c.quarter, c.customers, c.share, c.low, c.high, c.complete ? "yes" : "not yet"])),
      }}
      how={<p>A customer belongs to the {unit} of the first purchase. A cell counts those who bought at least once in that {unit}; its range is
        where the share would lie in 8 of 10 such groups (Wilson). Groups under {SMALL} are hatched and not coloured: too few to compare. The
        first group may hold customers who were there before the data begins.</p>}>
      <div class="scroll" role="group" aria-label={`Share who bought, by ${unit}s since the first purchase`} tabIndex={0}>
        <table class="heat" >
          <caption class="unseen">Share of the customers won in a {unit} who bought in each {unit} since</caption>
          <thead>
            <tr><th scope="col">won in</th><th scope="col" class="figure">customers</th>
              {Array.from({ length: quarters }, (_, i) => <th scope="col" class="figure">{i === 0 ? `+1 ${unit}` : `+${i + 1}`}</th>)}</tr>
          </thead>
          <tbody>
            {rows.map((r) => (
              <tr>
                <th scope="row">{r.label}</th>
                <td class="figure">{count(r.customers)}</td>
                {Array.from({ length: quarters }, (_, i) => {
                  const c = r.cells.find((cell) => cell.quarter === i + 1)
                  if (!c) return <td class="none" />
                  const small = r.customers < SMALL
                  const text = `${r.label}, ${c.quarter} ${unit}${c.quarter === 1 ? "" : "s"} on: ${count(c.customers)} of ${count(r.customers)}${isKnown(c.low) ? `, 8 in 10 ${share(c.low)} to ${share(c.high)}` : ""}${c.complete ? "" : `; ${unit} not over`}`
                  return (
                    <td class={`figure cell${small ? " small" : ""}${c.complete ? "" : " open"}`} title={text}
                      style={small ? undefined : { "--heat": `${Math.round((42 * c.share) / most)}%` }}>{share(c.share)}</td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Frame>
  )
}
