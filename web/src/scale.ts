/* From values to places, and where ticks stand. */

export interface Scale {
  (value: number): number
  ticks: number[]
}

function scale(place: (value: number) => number, low: number, high: number, from: number, to: number, ticks: number[]): Scale {
  const a = place(low), b = place(high)
  const at = (value: number) => from + ((place(value) - a) / (b - a || 1)) * (to - from)
  return Object.assign(at, { ticks: ticks.filter((t) => t >= low && t <= high) })
}

/* The 1, 2 or 5 times a power of ten that gives about `wanted` steps. */
function niceStep(span: number, wanted: number): number {
  const raw = span / Math.max(1, wanted)
  const power = 10 ** Math.floor(Math.log10(raw))
  return power * ([1, 2, 5, 10].find((n) => n * power >= raw) ?? 10)
}

function steps(low: number, high: number, step: number): number[] {
  const out: number[] = []
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) out.push(Number((i * step).toPrecision(12)))
  return out
}

/* Ends are moved out to a tick, so that the last label stands above all marks. */
export function linear(low: number, high: number, from: number, to: number, wanted = 4, nice = true): Scale {
  if (!(high > low)) high = low + 1
  const step = niceStep(high - low, wanted)
  const a = nice ? Math.floor(low / step + 1e-9) * step : low
  const b = nice ? Math.ceil(high / step - 1e-9) * step : high
  return scale((v) => v, a, b, from, to, steps(a, b, step))
}

const ONES = [1, 2, 5]

function powers(low: number, high: number): number[] {
  const out: number[] = []
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++)
    for (const n of ONES) out.push(Number((n * 10 ** e).toPrecision(3)))
  return out
}

/* Logarithmic: low and high must be above 0. */
export function log(low: number, high: number, from: number, to: number, few = false): Scale {
  const all = powers(low, high)
  const inside = all.filter((t) => t >= low && t <= high)
  const tens = inside.filter((t) => Math.abs(Math.log10(t) % 1) < 1e-9)
  return scale(Math.log, low, high, from, to, few && tens.length > 1 ? tens : inside.length > 8 ? tens : inside)
}

/* Linear near 0, logarithmic beyond `unit`: holds zero and negative values. */
export function symlog(low: number, high: number, from: number, to: number, unit: number): Scale {
  if (!(high > low)) high = low + unit
  const tens = powers(unit, Math.max(Math.abs(low), Math.abs(high), unit * 10)).filter((t) => t >= unit && Math.abs(Math.log10(t / unit) % 1) < 1e-9)
  return scale((v) => Math.sign(v) * Math.log1p(Math.abs(v) / unit), low, high, from, to, [...tens.map((t) => -t).reverse(), 0, ...tens])
}
