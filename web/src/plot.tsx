/* The drawing of a chart: an SVG as wide as its place, axes, and marks that pointer, touch and arrow keys read out.
 * SVG and not a canvas, because its colours follow the page into the dark and onto paper, and its hatching prints sharp. */
import type { ComponentChildren } from "preact"
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import type { Scale } from "./scale.ts"

/* A4 less its margins, in CSS pixels. */
const PAPER = 680

let printing = false
const onPaper = new Set<() => void>()

function paper(yes: boolean): void {
  printing = yes
  for (const tell of onPaper) tell()
}
addEventListener("beforeprint", () => paper(true))
addEventListener("afterprint", () => paper(false))
matchMedia("print").addEventListener("change", (e) => paper(e.matches))

export interface Area { width: number; height: number; top: number; right: number; bottom: number; left: number; phone: boolean; paper: boolean }

export interface Reading { x: number; y: number; says: string }

interface PlotProps {
  name: string // what the arrow keys go through: "month by month"
  height: (width: number) => number
  margin: (phone: boolean) => { top: number; right: number; bottom: number; left: number }
  maxWidth?: number
  minWidth?: number // narrower places scroll
  paperWidth?: number
  plane?: boolean // the nearest mark by both directions, not by x alone
  draw: (area: Area) => { marks: ComponentChildren; readings: Reading[]; onFocus?: (i: number | null) => ComponentChildren }
}

export function Plot({ name, height, margin, maxWidth = 880, minWidth = 0, paperWidth = PAPER, plane, draw }: PlotProps) {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  const [at, setAt] = useState<number | null>(null)
  useLayoutEffect(() => {
    const measure = () => setWidth(Math.max(minWidth, Math.min(maxWidth, printing ? paperWidth : box.current?.clientWidth ?? 0)))
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(box.current!)
    onPaper.add(measure)
    return () => {
      watch.disconnect()
      onPaper.delete(measure)
    }
  }, [])

  if (!width) return <div ref={box} />
  const phone = width < 560
  const area: Area = { ...margin(phone), width, height: Math.round(height(width) * (printing ? 0.7 : 1)), phone, paper: printing }
  const { marks, readings, onFocus } = draw(area)
  const focus = at != null && at < readings.length ? at : null
  const reading = focus == null ? null : readings[focus]!

  const nearest = (e: PointerEvent) => {
    const frame = (e.currentTarget as Element).getBoundingClientRect()
    const x = ((e.clientX - frame.left) / frame.width) * width
    const y = ((e.clientY - frame.top) / frame.height) * area.height
    let best = -1, least = plane ? 40 ** 2 : Infinity
    readings.forEach((r, i) => {
      const distance = plane ? (r.x - x) ** 2 + (r.y - y) ** 2 : Math.abs(r.x - x)
      if (distance < least) [least, best] = [distance, i]
    })
    setAt(best < 0 ? null : best)
  }
  const keys = (e: KeyboardEvent) => {
    const last = readings.length - 1
    const step: Record<string, number> = { ArrowRight: (focus ?? -1) + 1, ArrowUp: (focus ?? -1) + 1, ArrowLeft: (focus ?? 1) - 1,
      ArrowDown: (focus ?? 1) - 1, Home: 0, End: last, PageUp: (focus ?? 0) + 10, PageDown: (focus ?? 0) - 10 }
    const to = step[e.key]
    if (to == null) return
    e.preventDefault()
    setAt(Math.max(0, Math.min(last, to)))
  }
  return (
    <div ref={box} class="plot">
      <div class={minWidth > 0 ? "sideways" : undefined} {...(minWidth > 0 ? { tabIndex: -1 } : {})}>
        <div class="drawing" style={{ maxWidth: `${width}px`, minWidth: minWidth ? `${minWidth}px` : "auto" }} role="slider" tabIndex={0}
          aria-label={`Read the chart ${name}`} aria-orientation="horizontal" aria-valuemin={0} aria-valuemax={Math.max(0, readings.length - 1)}
          aria-valuenow={focus ?? 0} aria-valuetext={reading?.says ?? "arrow keys read the values"}
          onPointerMove={nearest} onPointerDown={nearest} onPointerLeave={() => setAt(null)} onKeyDown={keys}
          onFocus={(e) => (e.target as Element).matches(":focus-visible") && setAt((was) => was ?? 0)} onBlur={() => setAt(null)}>
          <svg viewBox={`0 0 ${width} ${area.height}`} width={width} height={area.height} aria-hidden="true" focusable="false">
            {marks}
            {reading && (onFocus?.(focus) ?? <Here area={area} x={reading.x} y={reading.y} line={!plane} />)}
          </svg>
        </div>
      </div>
      <p class="reading" aria-hidden="true">{reading?.says}</p>
    </div>
  )
}

export function Here({ area, x, y, line }: { area: Area; x: number; y: number; line: boolean }) {
  return (
    <g class="here">
      {line && <line x1={x} x2={x} y1={area.top} y2={area.height - area.bottom} />}
      <circle cx={x} cy={y} r={5} />
    </g>
  )
}

/* ---- axes ---- */

export function AxisY({ area, y, show, title }: { area: Area; y: Scale; show: (value: number) => string; title?: string }) {
  return (
    <g class="axis">
      {y.ticks.map((t) => (
        <>
          <line class={t === 0 ? "zero" : "grid"} x1={area.left} x2={area.width - area.right} y1={y(t)} y2={y(t)} />
          <text x={area.left - 8} y={y(t)} dy="0.35em" text-anchor="end">{show(t)}</text>
        </>
      ))}
      {title && <text class="axis-title" x={0} y={area.top - 14}>{title}</text>}
    </g>
  )
}

/* Room on the left for the labels of an axis. */
export const roomFor = (labels: string[], least: number) => Math.max(least, 16 + Math.ceil(7.6 * Math.max(0, ...labels.map((l) => l.length))))

export function AxisX({ area, x, show, title, grid }: { area: Area; x: Scale; show: (value: number) => string; title?: string; grid?: boolean }) {
  const base = area.height - area.bottom
  return (
    <g class="axis">
      {x.ticks.map((t) => (
        <>
          <line class={grid ? "grid" : "tick"} x1={x(t)} x2={x(t)} y1={grid ? area.top : base} y2={grid ? base : base + 5} />
          <text x={x(t)} y={base + 20} text-anchor="middle">{show(t)}</text>
        </>
      ))}
      {title && <text class="axis-title" x={area.width - area.right} y={base + 40} text-anchor="end">{title}</text>}
    </g>
  )
}

/* Words on a mark, with a halo in the colour of the paper. */
export function Label({ x, y, anchor = "start", tone, bold, children }: {
  x: number; y: number; anchor?: "start" | "middle" | "end"; tone?: string; bold?: boolean; children: ComponentChildren
}) {
  return <text class={`label ${tone ?? ""}${bold ? " bold" : ""}`} x={x} y={y} dy="0.35em" text-anchor={anchor}>{children}</text>
}

export const path = (points: [number, number][]) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)},${y.toFixed(1)}`).join("")

export const between = (upper: [number, number][], lower: [number, number][]) =>
  upper.length ? path(upper) + path([...lower].reverse()).replace("M", "L") + "Z" : ""

/* Moves labels apart until none stand closer than `room`; keeps their order. */
export function apart<T extends { y: number }>(labels: T[], room: number, top: number, bottom: number): T[] {
  const out = [...labels].sort((a, b) => a.y - b.y).map((l) => ({ ...l }))
  for (let i = 0; i < out.length; i++) out[i]!.y = Math.max(out[i]!.y, i ? out[i - 1]!.y + room : top)
  for (let i = out.length - 1; i >= 0; i--) out[i]!.y = Math.min(out[i]!.y, i < out.length - 1 ? out[i + 1]!.y - room : bottom)
  return out
}

/* Hatching for what is not known yet, shared by all charts. */
export function Patterns() {
  const hatch = (id: string, step: number, tone: string) => (
    <pattern id={id} width={step} height={step} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <line class={tone} x1="0" x2="0" y1="0" y2={step} />
    </pattern>
  )
  return (
    <svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>{hatch("hatch", 7, "hatch-value")}{hatch("hatch-close", 3.5, "hatch-value")}{hatch("hatch-grey", 5, "hatch-context")}</defs>
    </svg>
  )
}

/* Whether the page is as narrow as a phone. */
export function usePhone(): boolean {
  const query = "(max-width: 640px)"
  const [phone, setPhone] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const list = matchMedia(query)
    const tell = () => setPhone(list.matches)
    list.addEventListener("change", tell)
    return () => list.removeEventListener("change", tell)
  }, [])
  return phone
}
