/* The data of the page: the object that `patron report --json` prints, schema patron.report/1.
 * Amounts of the books are decimal text; estimates are numbers and carry p10 and p90; null is "not known". */

export type Day = string // 2011-12-09
export type Decimal = string // 18909744.10
export type Num = number | null

export interface Report {
  schema: "patron.report/1"
  name: string
  run_id: string
  as_of: Day
  built_at: string
  version: string
  currency: string
  locale: string
  names_masked: boolean
  condition: string
  horizons: number[]
  headline: Headline | null
  trust: Trust | null
  money: Money | null
  who_makes_it: WhoMakesIt | null
  coming: Coming | null
  keeping: Keeping | null
  actual_and_forecast: ActualAndForecast | null
  calibration: Calibration | null
  cohorts: Cohorts | null
  customers: Customer[]
  totals: { customers: number; value: Num; in_list: number; value_in_list: Num } | null
  warnings: { code: string | null; message: string; next: string | null }[]
  sources: { source: string; stream: string; files: string[]; first_day: Day | null; last_day: Day | null }[]
  tables: { table: string; rows: number; comment: string | null }[]
  settings: { discount_rate?: Num; margin?: Num; season?: string | null; prior?: string | null }
  missing: Record<string, Missing>
  made?: Record<string, { table?: string; sql?: string }>
}

export interface Missing { says: string; add?: string | null }

export interface Headline {
  horizon_days: number
  value: Num
  p10: Num
  p90: Num
  luck_p10: Num
  luck_p90: Num
  purchases: Num
  purchases_p10: Num
  purchases_p90: Num
  before: Num
  before_purchases: Num
  before_days?: Num // as many as horizon_days, or fewer where the history is younger
  kind: string
  margin?: { assumed: number; at: { margin: number; value: Num }[] } | null // what all would be worth at other margins
  buyers: number
  persons: number
  still_with_us: Num
}

export type Mark = "fine" | "so_so" | "so-so" | "bad" | "none"

export interface Line { forecast: Num; came: Num; miss: Num; mark: Mark }

export interface Trial {
  made_on: Day
  horizon_days: number
  model: string
  chosen_on_days: number
  history_days: number
  purchases: Line
  sales_after_returns: Line
  buyers: Line
  held_80: Line
  same_rate: Num
  customers: Num
  order: Num
  order_holds: boolean
  quiet: Num
  tenths: { forecast: Num[]; came: Num[] }
}

export interface Model {
  model: string
  chosen: boolean
  days: number
  without_season: Num
  log_score: Num
  status: string
  limit: string
}

export interface Trust {
  mark: Mark
  verdict: string
  why: string | null
  last: { made_on: Day; horizon_days: number; bias: Num; says: string } | null
  models: Model[]
  tests: Trial[]
  season: { lift: number; month: number; taken: boolean; identifiable: boolean } | null
}

export interface Equation {
  currency?: string
  amount_in: Decimal
  attributed: Decimal
  unattributed: Decimal
  quarantined: Decimal
  set_aside: Decimal
  rounding: Decimal
  conserved: boolean
}

export interface Money extends Equation {
  other_currencies?: Equation[]
  sources: {
    source: string; currency?: string; rows_read: number; rows_typed: number; rows_quarantined: number; rows_set_aside: number
    amount_in: Decimal; attributed: Decimal; unattributed: Decimal; quarantined: Decimal; set_aside?: Decimal
  }[]
  kinds: { kind: string; rows: number; amount: Decimal }[]
  reasons: { code: string; reason: string; rows: number; amount: Decimal | null; currency: string | null }[]
  largest_refused: {
    source: string; file: string | null; source_row: number | null; column_name: string | null
    value: string | null; reason: string; amount: Decimal | null; currency: string | null
  }[]
}

export type Point = [number, number]

export interface WhoMakesIt {
  expected: Point[] | null
  observed: Point[] | null
  low: Point[] | null
  high: Point[] | null
  best_fifth: { expected: Num; low?: Num; high?: Num; observed: Num; customers: number; value: Num } | null
}

export interface Fan { p10: Num; p25: Num; p75: Num; p90: Num }

export interface Coming {
  unit: string
  measure: string
  actual: { from: Day; to: Day; value: number }[]
  forecast: ({ from: Day; to: Day; value: number; to_date?: Num; to_date_p10?: Num; to_date_p90?: Num } & Fan)[]
}

export interface Keeping {
  rule: string
  customers: number
  value: Num
  p10?: Num
  p90?: Num
  list: {
    person_id: string; name: string | null; key: string | null; purchases: number; usual_gap_days: Num; idle_days: Num
    p_alive: Num; value: Num; p10: Num; p90: Num; revenue: Decimal | null
  }[]
  points: [number, number, number | null][] | null // chance, value, place in `customers`
}

export interface ActualAndForecast {
  made_on: Day
  horizon_days: number
  unit: string
  weeks: ({ from: Day; came: number; forecast: number } & Fan)[]
  total: { forecast: Num; came: Num }
  before: { from: Day; came: number }[] | null
}

export interface Calibration {
  made_on: Day
  horizon_days: number
  tenths: { tenth: number; customers: number; forecast: number; came: number; p10: Num; p90: Num }[]
}

export interface Cohorts {
  unit: string
  rows: {
    cohort: Day
    label: string
    customers: number
    cells: { quarter: number; customers: number; share: number; low: Num; high: Num; complete: boolean }[]
  }[]
}

export interface Customer {
  person_id: string
  key: string | null
  name: string | null
  first_seen?: Day | null
  last_seen?: Day | null
  frequency: number
  recency_days: Num
  age_days: Num
  idle_days: Num
  usual_gap_days: Num
  revenue: Decimal | null
  p_alive: Num
  p_buys: Num
  purchases: Num
  margin_per_purchase: Num
  value: Num
  p10: Num
  p90: Num
  reasons: string[]
}

/* The data in the page, or null in the bare template. */
export function readReport(): Report | null {
  const data: unknown = JSON.parse(document.getElementById("patron-report")?.textContent ?? "null")
  const report = typeof data === "object" ? (data as Report | null) : null
  const { trust } = report ?? {}
  if (trust) { // said by the program, for a terminal; on a page "54 %" does not break
    trust.verdict = tied(trust.verdict)
    if (trust.last) trust.last.says = tied(trust.last.says)
  }
  return report
}

const tied = (words: string) => words.replace(/(\d) %/g, "$1\u00a0%")
