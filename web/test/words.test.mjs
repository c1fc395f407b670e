/* Numbers, money, chances and days as words; scales and their ticks. */
import assert from "node:assert/strict"
import path from "node:path"
import test from "node:test"
import { fileURLToPath } from "node:url"
import { runnerImport } from "vite"

const load = async (name) => (await runnerImport(path.join(path.dirname(fileURLToPath(import.meta.url)), "../src", name))).module
const words = await load("words.ts")
const scale = await load("scale.ts")
const plain = (text) => text.replaceAll("\u00a0", " ").replaceAll("\u2060", "")

test("pounds: two significant digits, k from ten thousand", () => {
  words.speak({ locale: "en_GB", currency: "GBP" })
  const said = [8419914, 12421817, 999999, 9990, 12345, 640.2, 0, -52340, 9.5, 0.5, 1.2e9].map((v) => plain(words.money(v)))
  assert.deepEqual(said, ["£8.4m", "£12m", "£1.0m", "£10k", "£12k", "£640", "£0", "−£52k", "£9.50", "£0.50", "£1.2bn"])
  assert.equal(words.money(null), "not known")
  assert.equal(words.money(NaN), "not known")
  assert.deepEqual([500000, 1.5e6, 2e6, 250].map(words.moneyTick), ["£500k", "£1.5m", "£2m", "£250"])
})

test("euros as in Germany", () => {
  words.speak({ locale: "de_DE", currency: "EUR" })
  assert.equal(plain(words.money(8419914)), "8,4 Mio. €")
  assert.equal(plain(words.amount("18909744.10")), "18.909.744,10")
  assert.equal(words.count(5878), "5.878")
  words.speak({ locale: "not a locale", currency: "?" })
  assert.equal(words.money(8419914), "8.4m")
})

test("books keep every digit, however many", () => {
  words.speak({ locale: "en_GB", currency: "GBP" })
  assert.equal(words.amount("12345678901234567890.12"), "12,345,678,901,234,567,890.12")
  assert.equal(words.amount("-158676.14"), "−158,676.14")
  assert.equal(words.amount("7"), "7")
  assert.equal(words.amount(null), "not known")
})

test("chances about a person are tenths", () => {
  assert.deepEqual([0, 0.04, 0.06, 0.71, 0.95, 0.951, 1].map((p) => plain(words.chance(p))),
    ["under 1 in 20", "under 1 in 20", "1 in 10", "7 in 10", "9 in 10", "over 19 in 20", "over 19 in 20"])
})

test("misses, ranges and days", () => {
  words.speak({ locale: "en_GB", currency: "GBP" })
  assert.deepEqual([0.5444, -0.0229, 0.11992, null].map((v) => plain(words.miss(v))), ["+54 %", "−2.3 %", "+12 %", ""])
  assert.equal(words.inEight(0, 9622), "8 in 10 chance of £0 to £9,600, so it may be nothing")
  assert.equal(words.inEight(40, 210), "8 in 10 chance of £40 to £210")
  assert.equal(plain(words.day("2011-12-09")), "9 Dec 2011")
  assert.equal(plain(words.stretch("2011-11-01", "2011-11-30")), "Nov 2011")
  assert.equal(plain(words.stretch("2011-12-10", "2012-01-09")), "10 Dec 2011 to 9 Jan 2012")
  assert.deepEqual([365, 366, 182, 90, 7, 1, 730].map(words.period), ["12 months", "12 months", "26 weeks", "90 days", "1 week", "1 day", "2 years"])
})

test("a mean beyond its range says why, and a chance stands once", () => {
  words.speak({ locale: "en_GB", currency: "GBP" })
  const said = (c) => Object.values(words.worthInWords(c, "12 months")).map(plain)
  assert.deepEqual(said({ value: 4200, p10: 0, p90: 9600, p_buys: 0.6 }), ["8 in 10 chance of £0 to £9,600 in the next 12 months, so it may be nothing", "about £4,200"])
  assert.deepEqual(said({ value: 79, p10: 0, p90: 10, p_buys: 0.12 })[1], "about £79 on average, as a few such customers bring much more")
  assert.deepEqual(said({ value: 35, p10: 0, p90: 0, p_buys: 0.04 }),
    ["most likely nothing in the next 12 months", "about £35 on average, as under 1 in 20 such customers buys again"])
  assert.deepEqual(said({ value: 0, p10: 0, p90: 0, p_buys: 0.9 }), ["most likely nothing in the next 12 months", ""])
})

test("what came before says how long it took", () => {
  assert.equal(words.timeBefore(365, 365), "the 12 months before")
  assert.equal(words.timeBefore(365, 100), "the 100 days so far")
  assert.equal(words.timeBefore(365, undefined), "the 12 months before")
})

test("scales: ends on ticks, few of them, zero among them", () => {
  const y = scale.linear(0, 1520, 300, 20)
  assert.deepEqual(y.ticks, [0, 500, 1000, 1500, 2000])
  assert.equal(y(0), 300)
  assert.equal(y(2000), 20)
  assert.deepEqual(scale.linear(-3, 4, 0, 1, 4).ticks, [-4, -2, 0, 2, 4])
  const l = scale.log(0.2, 8, 0, 100)
  assert.deepEqual(l.ticks, [0.2, 0.5, 1, 2, 5])
  assert.ok(Math.abs((l(0.4) - l(0.2)) - (l(8) - l(4))) < 1e-9)
  const s = scale.symlog(-900, 12000, 0, 100, 100)
  assert.deepEqual(s.ticks, [-100, 0, 100, 1000, 10000])
  assert.ok(s(-900) === 0 && s(12000) === 100)
  assert.equal(scale.linear(5, 5, 0, 10)(5), 0)
})
