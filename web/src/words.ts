/* Numbers, money, chances and days as people read them. Words and dates are English; digits and currency follow the
 * project's locale. Two significant digits for estimates, every digit for books. */
import type { Num } from "./report.ts"

const MINUS = "\u2212"
const SPACE = "\u00a0" // does not break
const JOINED = "\u2060" // nor does a minus part from its pound

let locale = "en-GB"
let currency = ""

export function speak(of: { locale: string; currency: string }): void {
  try {
    locale = Intl.getCanonicalLocales((of.locale || "en-GB").replace(/_/g, "-").replace(/[.@].*$/, ""))[0] ?? "en-GB"
  } catch {
    locale = "en-GB"
  }
  currency = /^[A-Za-z]{3}$/.test(of.currency) ? of.currency.toUpperCase() : ""
}

const kept = new Map<string, Intl.NumberFormat>()

function format(value: number | string, options: Intl.NumberFormatOptions): string {
  const name = locale + JSON.stringify(options)
  let f = kept.get(name)
  if (!f) kept.set(name, (f = new Intl.NumberFormat(locale, options)))
  return f.format(value as Intl.StringNumericLiteral).replace(/-(?=\D)/g, MINUS + JOINED).replace(/-/g, MINUS).replace(/ /g, SPACE)
}

const inMoney = (): Intl.NumberFormatOptions =>
  currency ? { style: "currency", currency, currencyDisplay: "narrowSymbol" } : {}

export const isKnown = (value: Num | undefined): value is number => value != null && Number.isFinite(value)

/* ---- counts and shares ---- */

export function count(value: Num): string {
  return isKnown(value) ? format(Math.round(value), { maximumFractionDigits: 0 }) : "not known"
}

/* Two significant digits, as an estimate of a count wants: 18,000. */
export function about(value: Num): string {
  return isKnown(value) ? format(value, { maximumSignificantDigits: 2 }) : "not known"
}

export function decimal(value: Num, digits: number): string {
  return isKnown(value) ? format(value, { minimumFractionDigits: digits, maximumFractionDigits: digits }) : "not known"
}

export function share(value: Num, digits = 0): string {
  return isKnown(value) ? decimal(100 * value, digits) + SPACE + "%" : "not known"
}

/* +54 %, −2.3 %: how far a forecast was off. */
export function miss(value: Num): string {
  if (!isKnown(value)) return ""
  const size = Math.abs(100 * value)
  const text = decimal(size, size < 9.95 ? 1 : 0)
  return (value < 0 ? MINUS : "+") + text + SPACE + "%"
}

/* 54 % too high, 2.3 % too low. */
export function off(value: Num): string {
  if (!isKnown(value)) return "not known"
  const size = Math.abs(100 * value)
  if (size < 0.05) return "right to the customer"
  return `${decimal(size, size < 9.95 ? 1 : 0)}${SPACE}% too ${value > 0 ? "high" : "low"}`
}

/* A chance about one person, in tenths. */
export function chance(p: Num): string {
  if (!isKnown(p)) return "not known"
  if (p < 0.05) return `under 1 in${SPACE}20`
  if (p > 0.95) return `over 19 in${SPACE}20`
  return `${Math.min(9, Math.max(1, Math.round(10 * p)))} in${SPACE}10`
}

export function times(ratio: number): string {
  return `${decimal(ratio, ratio < 9.95 ? 1 : 0)} times`
}

/* ---- money ---- */

const UNITS = [[1e9, "bn"], [1e6, "m"], [1e4, "k"]] as const

/* An estimate: £640, £4,300, £12k, £8.4m. */
export function money(value: Num, digits = 2): string {
  if (!isKnown(value)) return "not known"
  if (!locale.startsWith("en")) return format(value, { ...inMoney(), notation: "compact", maximumSignificantDigits: digits })
  const step = value ? 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1 - digits) : 1
  const rounded = Math.round(value / step) * step
  const [unit, letter] = UNITS.find(([from]) => Math.abs(rounded) >= from) ?? [1, ""]
  const shown = rounded / (letter === "k" ? 1e3 : unit)
  const whole = Math.abs(shown) < 10 ? 1 : Math.abs(shown) < 100 ? 2 : 3
  const places = letter ? Math.max(0, digits - whole) : Math.abs(rounded) >= 10 || !rounded ? 0 : Math.min(2, digits)
  return format(shown, { ...inMoney(), minimumFractionDigits: places, maximumFractionDigits: places }) + letter
}

/* On an axis: £500k, £1.5m, £2m. */
export function moneyTick(value: number): string {
  if (!locale.startsWith("en")) return format(value, { ...inMoney(), notation: "compact", maximumSignificantDigits: 3 })
  const [unit, letter] = UNITS.find(([from]) => Math.abs(value) >= from) ?? [1, ""]
  return format(value / (letter === "k" ? 1e3 : unit), { ...inMoney(), minimumFractionDigits: 0, maximumFractionDigits: 2 }) + letter
}

/* A line of the books, to the last digit that the text has. */
export function amount(text: string | null | undefined, withCurrency = false): string {
  if (text == null || text === "") return "not known"
  const places = /\.(\d+)$/.exec(text)?.[1]?.length ?? 0
  return format(text, { ...(withCurrency ? inMoney() : {}), minimumFractionDigits: places, maximumFractionDigits: places })
}

export function range(low: Num, high: Num, show: (value: Num) => string = money): string {
  if (!isKnown(low) || !isKnown(high)) return "not known"
  return low === high ? show(low) : `${show(low)} to ${show(high)}`
}

/* "8 in 10 chance of £40 to £210"; a range that holds zero says so. */
export function inEight(low: Num, high: Num, show: (value: Num) => string = money, when = ""): string {
  if (!isKnown(low) || !isKnown(high)) return "range not known"
  return `8 in 10 chance of ${range(low, high, show)}${when}${low <= 0 && high >= 0 ? ", so it may be nothing" : ""}`
}

/* A person's range, then the centre. Money is skewed: the mean may stand outside of where 8 in 10 lie, and then says why. */
export function worthInWords(c: { value: Num; p10: Num; p90: Num; p_buys?: Num }, ahead: string): { range: string; centre: string } {
  const { value, p10, p90, p_buys } = c
  if (mostLikelyNothing(c)) return { range: `most likely nothing in the next ${ahead}`, centre: !value ? "" : `about ${money(value)} on average`
    + (isKnown(p_buys) && p_buys < 0.5 ? `, as ${chance(p_buys)} such customers buys again` : "") }
  const outside = isKnown(value) && isKnown(p10) && isKnown(p90) && (value > p90 || value < p10)
  return { range: inEight(p10, p90, money, ` in the next ${ahead}`),
    centre: `about ${money(value)}${outside ? ` on average, as a few such customers ${value > p90 ? "bring" : "cost"} much more` : ""}` }
}

export const mostLikelyNothing = (c: { p10: Num; p90: Num }) => c.p10 === 0 && c.p90 === 0

/* ---- days ---- */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
export const MONTH_NAMES = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December"]

const parts = (day: string) => day.split("-").map(Number) as [number, number, number]

export function day(text: string | null | undefined): string {
  if (!text) return "not known"
  const [y, m, d] = parts(text)
  return `${d}${SPACE}${MONTHS[m - 1]}${SPACE}${y}`
}

export function dayAndMonth(text: string): string {
  const [, m, d] = parts(text)
  return `${d}${SPACE}${MONTHS[m - 1]}`
}

/* Nov 2011 for a whole month, 10 Dec 2011 to 9 Jan 2012 for another stretch. */
export function stretch(from: string, to: string): string {
  const [y, m, d] = parts(from)
  const last = new Date(Date.UTC(y, m, 0)).toISOString().slice(0, 10)
  return d === 1 && to === last ? `${MONTHS[m - 1]}${SPACE}${y}` : `${day(from)} to ${day(to)}`
}

/* Days since 1970, for the axis of time. */
export function dayNumber(text: string): number {
  const [y, m, d] = parts(text)
  return Date.UTC(y, m - 1, d) / 864e5
}

export function monthStart(number: number): { year: number; month: number; short: string } {
  const date = new Date(number * 864e5)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), short: MONTHS[date.getUTCMonth()]! }
}

/* 12 months, 26 weeks, 90 days. */
export function period(days: number): string {
  if (days === 365 || days === 366) return "12 months"
  if (days >= 730 && days % 365 <= days / 1460) return `${Math.floor(days / 365)} years`
  return days % 7 === 0 ? `${days / 7} week${days === 7 ? "" : "s"}` : `${days} day${days === 1 ? "" : "s"}`
}

/* The 12 months before, or all the time there was when that is less. */
export function timeBefore(horizon: number, days: Num | undefined): string {
  return isKnown(days) && days < horizon ? `the ${period(days)} so far` : `the ${period(horizon)} before`
}

/* Half a year ago, a year ago, 90 days ago. */
export function ago(days: number): string {
  if (days === 365 || days === 366) return "a year ago"
  if (days >= 181 && days <= 184) return "half a year ago"
  return `${period(days)} ago`
}

export const days = (n: Num) => (isKnown(n) ? plural(Math.round(n), "day") : "not known")

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

export function plural(n: number, one: string, many = one + "s"): string {
  return `${count(n)} ${n === 1 ? one : many}`
}
