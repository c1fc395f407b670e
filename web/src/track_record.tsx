/* Track record: the table of `patron check`, the verdict first; then actual and forecast, and calibration. */
import { ActualAndForecast } from "./actual_and_forecast.tsx"
import { Calibration } from "./calibration.tsx"
import { Empty, Frame, Section, useReport } from "./frame.tsx"
import { usePhone } from "./plot.tsx"
import type { Line, Mark, Model, Trial, Trust } from "./report.ts"
import { ago, capital, count, day, decimal, isKnown, miss, money, MONTH_NAMES, period, share } from "./words.ts"

export function TrackRecord() {
  const { trust } = useReport()
  return (
    <Section id="track_record" title="Track record">
      {trust && trust.tests.length ? <Tests trust={trust} /> : trust ? <Untested trust={trust} /> : <Empty part="trust" what="A track record" />}
      <ActualAndForecast />
      <Calibration />
    </Section>
  )
}

const MARKS: Record<string, { sign: string; word: string }> = {
  fine: { sign: "✓", word: "fine" }, so_so: { sign: "!", word: "so-so" }, bad: { sign: "✗", word: "missed" }, none: { sign: "", word: "" },
}
export const markOf = (mark: Mark) => mark.replace("-", "_")

/* The sign with its word: never colour or shape alone. */
export function MarkSign({ mark }: { mark: Mark }) {
  const m = MARKS[markOf(mark)] ?? MARKS.none!
  return m.sign ? <span class={`mark ${markOf(mark)}`}><span aria-hidden="true">{m.sign}</span> {m.word}</span> : null
}

/* The dot of the header: full, half or hollow. */
export function Dot({ mark }: { mark: Mark }) {
  const kind = markOf(mark)
  return (
    <svg class={`verdict-dot ${kind}`} width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
      <circle cx="7" cy="7" r="5.5" />
      {kind === "so_so" && <path d="M7,1.5a5.5,5.5 0 0 1 0,11Z" />}
    </svg>
  )
}

function Untested({ trust }: { trust: Trust }) {
  return (
    <div class="empty">
      <p><b>{trust.verdict}</b></p>
      {trust.why && <p>Why: {trust.why}.</p>}
    </div>
  )
}

/* The strip of coverage: of ranges called 8 in 10, how many held. */
function Held({ test }: { test: Trial }) {
  const got = test.held_80.came
  if (!isKnown(got)) return null
  const x = (v: number) => 6 + 60 * (2 * v - 1) // from a half to all
  return (
    <svg class="held" width="72" height="14" viewBox="0 0 72 14" aria-hidden="true" focusable="false">
      <line x1={x(0.5)} x2={x(1)} y1="7" y2="7" />
      <circle class="wanted" cx={x(0.8)} cy="7" r="5.5" />
      <circle class="got" cx={x(Math.max(0.5, got))} cy="7" r="3.5" />
    </svg>
  )
}

interface Row { label: string; line: (t: Trial) => Line; show: (v: number | null) => string; miss: boolean; strip?: boolean }

function Tests({ trust }: { trust: Trust }) {
  const phone = usePhone()
  const tests = [...trust.tests].sort((a, b) => a.horizon_days - b.horizon_days)
  const rows: Row[] = [
    { label: "purchases in all", line: (t) => t.purchases, show: count, miss: true },
    { label: "sales after returns", line: (t) => t.sales_after_returns, show: (v) => money(v, 3), miss: true },
    { label: "customers who bought", line: (t) => t.buyers, show: (v) => share(v, 1), miss: false },
    { label: "8 in 10 held, ties shared", line: (t) => t.held_80, show: (v) => (isKnown(v) ? `${decimal(100 * v, 0)} of 100` : "not known"), miss: false, strip: true },
  ]
  const shown = rows.filter((r) => tests.some((t) => isKnown(r.line(t)?.forecast) && isKnown(r.line(t)?.came)))
  const last = tests[tests.length - 1]!
  const longest = tests.map((t) => `${ago(t.horizon_days)}, ${miss(t.purchases.miss)}`).reverse().join("; ")
  return (
    <Frame part="track_record" source="model_scores"
      says={trust.verdict}
      measure={`What was forecast on days that no choice had seen, beside what came; purchases: ${longest}; ${count(last.customers)} customers known then`}
      sql="SELECT model, calibration_end, holdout_end, metric, value FROM model_scores WHERE chosen AND last ORDER BY ALL"
      table={{
        caption: "Forecast on untouched days, and what came",
        columns: [{ head: "measure" }, { head: "made on", show: (c) => day(c as string) }, { head: "over", show: (c) => period(c as number) },
          { head: "forecast", figure: true, show: number }, { head: "came", figure: true, show: number }, { head: "off", figure: true, show: (c) => miss(c as number) || "–" }, { head: "verdict" }],
        rows: tests.flatMap((t) => shown.map((r) => {
          const l = r.line(t)
          return [r.label, t.made_on, t.horizon_days, l.forecast, l.came, l.miss, MARKS[markOf(l.mark)]?.word ?? ""]
        })),
      }}
      how={<>
        <p>On each test day the last stretch is hidden, models are fitted to what was known before it, and the forecast is held beside what
          came. Totals are fine within 5 %, so-so within 15 %, once one standard deviation of luck is taken off. Of ranges called 8 in 10,
          eight in ten should hold. The same in a terminal: <code>patron check</code>.</p>
      </>}>
      {phone ? tests.map((t) => <CheckTable tests={[t]} rows={shown} />) : <CheckTable tests={tests} rows={shown} />}
      <p class="note held-key">Of ranges called 8 in 10, 80 of 100 should hold (ring); so many held (dot).</p>
      <dl class="lines">
        {trust.why && <><dt>Why</dt><dd>{capital(trust.why)}.</dd></>}
        <Scores models={trust.models} />
        {trust.season && <Season season={trust.season} />}
      </dl>
    </Frame>
  )
}

/* Two tests stand side by side; on a phone one below the other. */
function CheckTable({ tests, rows }: { tests: Trial[]; rows: Row[] }) {
  const head = (t: Trial) => `made ${day(t.made_on)}, over ${period(t.horizon_days)}`
  const caption = `Forecast and what came: ${tests.map(head).join("; ")}`
  return (
    <div class="scroll" role="group" aria-label={caption} tabIndex={0}>
      <table class="check">
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr><td />{tests.map((t) => <th scope="colgroup" colSpan={3}>{head(t)}</th>)}</tr>
          <tr>
            <td />
            {tests.map(() => <><th scope="col" class="figure">forecast</th><th scope="col" class="figure">came</th><th scope="col">off by</th></>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr>
              <th scope="row">{r.label}</th>
              {tests.map((t) => {
                const l = r.line(t)
                return (
                  <>
                    <td class="figure">{r.show(l.forecast)}</td>
                    <td class="figure">{r.show(l.came)}</td>
                    <td class="by">{r.miss && <span class="off">{miss(l.miss)}</span>}{r.strip && <Held test={t} />} <MarkSign mark={l.mark} /></td>
                  </>
                )
              })}
            </tr>
          ))}
          <tr class="context">
            <th scope="row">same rate, as in a sheet</th>
            {tests.map((t) => (
              <>
                <td class="figure">{count(t.same_rate)}</td>
                <td class="figure">{count(t.purchases.came)}</td>
                <td class="by"><span class="off">{isKnown(t.same_rate) && isKnown(t.purchases.came) && t.purchases.came > 0 && miss(t.same_rate / t.purchases.came - 1)}</span></td>
              </>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  )
}

const number = (c: string | number | null) => {
  const v = c as number | null
  return isKnown(v) ? (Math.abs(v) < 10 ? decimal(v, 3) : count(v)) : "not known"
}

function Scores({ models }: { models: Model[] }) {
  const plain = models.filter((m) => !isKnown(m.without_season))
  const season = models.find((m) => isKnown(m.without_season))
  if (!plain.length) return null
  return (
    <>
      <dt>Score</dt>
      <dd>On {count(plain[0]!.days)} earlier day{plain[0]!.days === 1 ? "" : "s"}, higher is better: {plain.map((m, i) => (
        <>{i > 0 && " · "}<span class={m.chosen ? "chosen" : undefined}>{m.model} {decimal(m.log_score, 3)}{m.chosen && ", chosen"}</span></>
      ))}.{season && <> With a season {decimal(season.log_score, 3)}, without {decimal(season.without_season, 3)}, on {count(season.days)} day{season.days === 1 ? "" : "s"} with
        a year behind: {season.chosen ? "taken" : "not taken"}.</>}</dd>
    </>
  )
}

function Season({ season }: { season: NonNullable<Trust["season"]> }) {
  if (!season.taken || season.lift < 1.15) return null
  return (
    <>
      <dt>Season</dt>
      <dd>{MONTH_NAMES[season.month - 1]} is {decimal(season.lift, 1)} times an ordinary month.
        {!season.identifiable && " Two years of history are needed to tell that from customers leaving."}</dd>
    </>
  )
}
