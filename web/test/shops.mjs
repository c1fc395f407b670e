/* The reports that the page is tried on. One is the example of patron itself, as `patron report --json` gives it; the others
 * are made from it: what a newcomer has, what breaks lines, what is not there. */
import fs from "node:fs"

const read = () => JSON.parse(fs.readFileSync(new URL("fixtures/online_retail.json", import.meta.url), "utf8"))

/* 31 customers after ten weeks: wide ranges, no test yet, cohorts too small to colour. */
export function tiny() {
  const r = read()
  const customers = r.customers.slice(0, 31).map((c, i) => ({ ...c, person_id: `p_${i + 1}`, frequency: i % 4, value: 40 + i, p10: 0, p90: 210 + 9 * i, revenue: `${30 + i}.50` }))
  return {
    ...r, name: "kiosk", run_id: "0a1b", customers,
    headline: { ...r.headline, value: 1705, p10: 0, p90: 5200, luck_p10: 400, luck_p90: 3600, purchases: 44, purchases_p10: 12, purchases_p90: 120, before: 1395.5, before_purchases: 58, buyers: 31, persons: 33 },
    trust: { ...r.trust, mark: "none", verdict: "Not tested yet: believe the ranges, not their centre.",
      why: "a test hides the last stretch, and needs 8 weeks, 30 buyers and a repeat before it; there are 40 days and 31 buyers", last: null, models: [], tests: [], season: null },
    totals: { customers: 31, value: 1705, in_list: 31, value_in_list: 1705 },
    who_makes_it: { ...r.who_makes_it, low: null, high: null, best_fifth: { expected: 0.34, observed: 0.41, customers: 6, value: 580 } },
    coming: { ...r.coming, actual: r.coming.actual.slice(-1).map((m) => ({ ...m, value: 1395.5 })), forecast: r.coming.forecast.map((m) => ({ ...m, value: 142, p10: 0, p25: 60, p75: 230, p90: 430 })) },
    keeping: { ...r.keeping, customers: 0, value: 0, list: [], points: customers.map((c, i) => [c.p_alive, c.value, i]) },
    actual_and_forecast: null, calibration: null,
    cohorts: { unit: "quarter", rows: [{ cohort: "2011-07-01", label: "Q3 2011", customers: 12, cells: [{ quarter: 1, customers: 5, share: 5 / 12, low: 0.25, high: 0.6, complete: false }] }, { cohort: "2011-10-01", label: "Q4 2011", customers: 19, cells: [] }] },
    missing: { ...r.missing, actual_and_forecast: { says: "A test needs 8 weeks of history before the stretch it hides.", add: null }, calibration: { says: "Calibration needs a test.", add: null } },
  }
}

/* Nothing but the frame: an empty shop. */
export function nothing() {
  const r = read()
  const says = (what, add) => ({ says: `${what} needs somebody to have bought.`, add })
  return {
    ...r, name: "empty", headline: null, trust: { mark: "none", verdict: "Nothing to check: nobody has bought yet.", why: null, last: null, models: [], tests: [], season: null },
    money: null, who_makes_it: null, coming: null, keeping: null, actual_and_forecast: null, calibration: null, cohorts: null, customers: [], totals: null,
    warnings: [], sources: [], tables: [], settings: {},
    missing: { headline: says("A forecast", "patron new orders.csv"), who_makes_it: says("This"), coming: says("This"), keeping: says("This"), customers: says("The list"), money: says("The equation"), strain: { says: "Strain needs contacts.", add: "-- stream: contacts" } },
  }
}

/* Customers who cost more than they bring, and names that do not end. */
export function losses() {
  const r = read()
  const long = "Gesellschaft für außergewöhnlich langlebige Kaffeemaschinenersatzteile mbH & Co. KG <script>alert(1)</script> Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrik"
  const customers = r.customers.slice(0, 60).map((c, i) => ({ ...c, name: i % 3 ? `Ünï ${i}` : long, key: `=cmd|' /C calc'!A${i}`, value: i % 2 ? -c.value / 9 : c.value, p10: i % 2 ? -c.value : -c.value / 3, revenue: i % 2 ? "-1234.56" : c.revenue }))
  return {
    ...r, name: "a-project-with-a-name-that-somebody-thought-should-say-everything-about-the-company", names_masked: false, customers,
    headline: { ...r.headline, value: -120000, p10: -900000, p90: 410000, luck_p10: -150000, luck_p90: -90000, before: -45000.5, kind: "margin" },
    coming: { ...r.coming, measure: "margin", actual: r.coming.actual.map((m, i) => ({ ...m, value: i % 3 ? m.value : -m.value })), forecast: r.coming.forecast.map((m) => ({ ...m, value: -m.value / 5, p10: -m.value, p25: -m.value / 2, p75: m.value / 20, p90: m.value / 9 })) },
    keeping: { ...r.keeping, list: r.keeping.list.map((c) => ({ ...c, name: long })), points: customers.map((c, i) => [c.p_alive, c.value, i]) },
    money: { ...r.money, other_currencies: [{ currency: "JPY", amount_in: "12000", attributed: "12000", unattributed: "0", quarantined: "0", set_aside: "0", rounding: "0" }],
      sources: [...r.money.sources, { ...r.money.sources[0], currency: "JPY", amount_in: "12000", attributed: "12000" }], attributed: "-158676.14", quarantined: "16343651.02" },
  }
}

/* Another currency, another locale. */
export function euro() {
  return { ...read(), name: "laden", currency: "EUR", locale: "de_DE" }
}

export const shops = { online_retail: read, tiny, nothing, losses, euro }
