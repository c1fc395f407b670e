/* A customer's card: what they are worth and how sure that is, what came so far, and the reasons. */
import { Command, useReport } from "./frame.tsx"
import { nameOf } from "./keeping.tsx"
import type { Customer } from "./report.ts"
import { amount, capital, chance, count, day, decimal, isKnown, mostLikelyNothing, period, worthInWords } from "./words.ts"

export function Card({ c }: { c: Customer }) {
  const { headline, currency, as_of, run_id, customers } = useReport()
  const place = customers.indexOf(c) + 1
  const worth = worthInWords(c, headline ? period(headline.horizon_days) : "time")
  return (
    <div class="card" role="group" aria-label={`Card of ${nameOf(c)}`}>
      <p class="card-head"><b>{nameOf(c)}</b>{nameOf(c) !== c.person_id && <> · {c.person_id}</>}{c.first_seen && <> · with us since {day(c.first_seen)}</>} · as of {day(as_of)} · run {run_id}</p>
      <dl class="lines">
        <dt>Worth</dt>
        <dd><b>{capital(worth.range)}</b>{worth.centre && `; ${worth.centre}`}{headline ? `: ${headline.kind}` : ""}.
          {place > 0 && <> Place {count(place)} by value.</>}</dd>
        <dt>Still with us</dt>
        <dd>{chance(c.p_alive)}.{isKnown(c.p_buys) && !(mostLikelyNothing(c) && c.p_buys < 0.5) && <> Buys in that time: {chance(c.p_buys)}{isKnown(c.purchases) && <>, about {decimal(c.purchases, c.purchases < 9.95 ? 1 : 0)} purchase days</>}.</>}</dd>
        <dt>So far</dt>
        <dd>{amount(c.revenue)} {currency} on {count(c.frequency + 1)} day{c.frequency === 0 ? "" : "s"}{c.last_seen && <>, seen last on {day(c.last_seen)}</>}.</dd>
        {c.reasons.length > 0 && <>
          <dt>Why</dt>
          <dd><ul>{c.reasons.slice(0, 3).map((r) => <li>{r}</li>)}</ul></dd>
        </>}
        <dt>The rows</dt>
        <dd><Command text={`patron sql "FROM ledger WHERE person_id = '${c.person_id}'"`} /></dd>
        <dt>More</dt>
        <dd><Command text={`patron show ${c.person_id}`} /></dd>
      </dl>
    </div>
  )
}
