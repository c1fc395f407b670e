/* Overview: what is coming in one sentence with its range, and the questions a board asks first. */
import type { ComponentChildren } from "preact"
import { Empty, useReport } from "./frame.tsx"
import { MoneyBar } from "./money.tsx"
import type { Headline } from "./report.ts"
import { Dot } from "./track_record.tsx"
import { bestRange } from "./who_makes_it.tsx"
import { about, amount, chance, count, day, inEight, isKnown, money, off, period, plural, range, share, ago, capital, timeBefore } from "./words.ts"

export function Overview() {
  const { headline, trust, as_of } = useReport()
  const known = headline && isKnown(headline.value) && isKnown(headline.p10)
  return (
    <section id="overview" aria-labelledby="headline">
      <h1 id="headline" tabIndex={-1}>{known
        ? <>Today's customers bring {range(headline.p10, headline.p90)} in the next {period(headline.horizon_days)}, about {money(headline.value)}.</>
        : headline && isKnown(headline.purchases)
          ? <>Today's customers buy {range(headline.purchases_p10, headline.purchases_p90, about)} times in the next {period(headline.horizon_days)}.</>
          : <>What today's customers will bring is not known yet.</>}</h1>
      {headline ? <p class="lead"><Under headline={headline} tested={(trust?.tests.length ?? 0) > 0} /></p> : <Empty part="headline" what="A forecast" />}
      {trust && (
        <p class="lead"><Dot mark={trust.mark} /> {trust.last?.says ?? trust.verdict} {trust.last && trust.tests.length > 0 && <>{trust.verdict} </>}<a href="#track_record">Track record</a></p>
      )}
      <Tiles />
      <p class="note">All of it as of {day(as_of)}: customers who come later are not in these numbers.</p>
    </section>
  )
}

function Under({ headline: h, tested }: { headline: Headline; tested: boolean }) {
  const costs = h.kind === "sales after returns" ? "Sales after returns; costs are not known" : capital(h.kind)
  return (
    <>8 in 10 chance of that range. {costs}.{h.margin && <> {assumedMargin(h.margin)}</>}{isKnown(h.before) && <> {capital(timeBefore(h.horizon_days, h.before_days))} brought <b>{money(h.before)}</b>.</>}
      {isKnown(h.luck_p10) && isKnown(h.p10) && h.luck_p10 > h.p10 && <> Luck alone would say {range(h.luck_p10, h.luck_p90)}; the rest is {tested ? "how far past totals missed" : "what no test has shown yet"}.</>}
      {h.buyers < 120 && <> n = {count(h.buyers)}: luck's part of the range halves at about {about(4 * h.buyers)} customers.</>}</>
  )
}

/* Margin assumed 38 %: at 33 % £2.8m, at 43 % £3.6m. The words of the terminal. */
const assumedMargin = ({ assumed, at }: NonNullable<Headline["margin"]>) => {
  const percent = (margin: number) => share(margin, [0, 1].find((digits) => Number.isInteger(+(margin * 10 ** (2 + digits)).toFixed(6))) ?? 2)
  const others = at.filter((a) => isKnown(a.value)).map((a) => `at ${percent(a.margin)} ${money(a.value)}`).join(", ")
  return `Margin assumed ${percent(assumed)}${others && ": " + others}.`
}

/* For a tile: "before" is as long again, else its length is said. */
const cameBefore = (h: Headline) => (isKnown(h.before_days) && h.before_days < h.horizon_days ? `in ${timeBefore(h.horizon_days, h.before_days)}` : "before")

/* Low to high with the centre, on an axis that also holds what came. */
function RangeBar({ low, high, centre, before }: { low: number; high: number; centre: number; before: number | null }) {
  const all = [low, high, centre, ...(isKnown(before) ? [before] : []), 0]
  const least = Math.min(...all), most = Math.max(...all)
  const x = (v: number) => 6 + (208 * (v - least)) / (most - least || 1)
  return (
    <svg class="range-bar" viewBox="0 0 220 24" aria-hidden="true" focusable="false">
      <line class="track" x1="6" x2="214" y1="12" y2="12" />
      <line class="span" x1={x(low)} x2={x(high)} y1="12" y2="12" />
      {[low, high].map((v) => <line class="cap" x1={x(v)} x2={x(v)} y1="6" y2="18" />)}
      <circle cx={x(centre)} cy="12" r="5" />
      {isKnown(before) && <path class="before" d={`M${x(before)},2v20`} />}
    </svg>
  )
}

function Tile({ href, label, main, children }: { href: string; label: string; main: ComponentChildren; children: ComponentChildren }) {
  return (
    <li class="tile">
      <a href={href} class="tile-label">{label}</a>
      <p class="tile-main">{main}</p>
      <div class="tile-under">{children}</div>
    </li>
  )
}

function Tiles() {
  const { headline: h, who_makes_it: who, keeping, money: books, currency, trust, missing } = useReport()
  const best = who?.best_fifth
  const [low, high] = bestRange(who)
  const test = trust?.tests.length ? [...trust.tests].sort((a, b) => b.horizon_days - a.horizon_days)[0] : null
  return (
    <ul class="tiles">
      {h && isKnown(h.value) && isKnown(h.p10) && isKnown(h.p90) && (
        <Tile href="#coming" label={`Next ${period(h.horizon_days)}`} main={range(h.p10, h.p90)}>
          <RangeBar low={h.p10} high={h.p90} centre={h.value} before={h.before} />
          <p>8 in 10; dot: about {money(h.value)}{isKnown(h.before) && <>; tick: {money(h.before)} came {cameBefore(h)}</>}</p>
        </Tile>
      )}
      {h && isKnown(h.purchases) && isKnown(h.purchases_p10) && isKnown(h.purchases_p90) && (
        <Tile href="#coming" label="Purchases" main={range(h.purchases_p10, h.purchases_p90, about)}>
          <RangeBar low={h.purchases_p10} high={h.purchases_p90} centre={h.purchases} before={h.before_purchases} />
          <p>8 in 10; dot: about {about(h.purchases)}{isKnown(h.before_purchases) && <>; tick: {count(h.before_purchases)} came {cameBefore(h)}</>}</p>
        </Tile>
      )}
      {best && isKnown(best.expected) && (
        <Tile href="#who_makes_it" label="The best 20 %" main={isKnown(low) && isKnown(high) ? `${share(low)} to ${share(high)}` : `about ${share(best.expected)}`}>
          {isKnown(low) && isKnown(high) && <RangeBar low={low} high={high} centre={best.expected} before={best.observed} />}
          <p>of the value, {isKnown(low) ? `8 in 10; dot: about ${share(best.expected)}` : "expected; its range is not known"}.{isKnown(best.observed) && <> {isKnown(low) ? "Tick: they" : "They"} brought {share(best.observed)} so far{Math.round(100 * best.observed) > Math.round(100 * best.expected) && ": part of that was luck"}.</>}</p>
        </Tile>
      )}
      {keeping && (
        <Tile href="#keeping" label="Gone quiet" main={keeping.customers ? plural(keeping.customers, "customer") : "nobody"}>
          {keeping.customers > 0 && isKnown(keeping.p10) && isKnown(keeping.p90) && isKnown(keeping.value) && <RangeBar low={keeping.p10} high={keeping.p90} centre={keeping.value} before={null} />}
          <p>{keeping.customers ? <>{keeping.customers > 1 && "together "}worth {isKnown(keeping.p10) && isKnown(keeping.p90) ? <b>{range(keeping.p10, keeping.p90)}</b> : "about"} {isKnown(keeping.p10) ? `(8 in 10; dot: about ${money(keeping.value)})` : <b>{money(keeping.value)}</b>}
            {keeping.customers > 1 && keeping.list[0] && <>; the first: {inEight(keeping.list[0].p10, keeping.list[0].p90)}, {chance(keeping.list[0].p_alive)} still with us</>}</>
            : "of value has gone quiet"}.</p>
        </Tile>
      )}
      {test && isKnown(test.purchases.miss) && (
        <Tile href="#track_record" label={`Forecast ${ago(test.horizon_days)}`} main={off(test.purchases.miss)}>
          <p>{count(test.purchases.forecast)} purchases forecast, {count(test.purchases.came)} came. Of ranges called 8 in 10, {isKnown(test.held_80.came) ? Math.round(100 * test.held_80.came) : "?"} of 100 held.</p>
        </Tile>
      )}
      {books && (
        <Tile href="#money" label="Money in = out" main={books.conserved ? <>{amount(books.amount_in)} {currency}</> : "does not add up"}>
          <MoneyBar data={books} />
          <p>{books.conserved ? "Every amount is accounted for, to the last unit." : "Do not use this run."}</p>
        </Tile>
      )}
      {!h && missing.headline == null && !books && <li class="tile"><p>Nothing was read yet.</p></li>}
    </ul>
  )
}
