/* The page: header, the rail of questions, the sections in order, the foot. */
import { useEffect, useState } from "preact/hooks"
import { Cohorts } from "./cohorts.tsx"
import { Coming } from "./coming.tsx"
import { Customers } from "./customers.tsx"
import { Definitions } from "./definitions.tsx"
import { ReportContext } from "./frame.tsx"
import { Keeping } from "./keeping.tsx"
import { Keys } from "./keys.tsx"
import { Money } from "./money.tsx"
import { NotHere } from "./not_here.tsx"
import { Overview } from "./overview.tsx"
import { Patterns } from "./plot.tsx"
import type { Report } from "./report.ts"
import { Dot, TrackRecord } from "./track_record.tsx"
import { WhoMakesIt } from "./who_makes_it.tsx"
import { day } from "./words.ts"

const RAIL: [string, string][] = [
  ["overview", "Overview"], ["who_makes_it", "Who makes it"], ["coming", "What is coming"], ["keeping", "Worth keeping"],
  ["track_record", "Track record"], ["cohorts", "Cohorts"], ["customers", "Customers"], ["money", "Money"],
  ["not_here", "Not in this report"], ["definitions", "Words and sources"],
]

export function Page({ report }: { report: Report }) {
  return (
    <ReportContext.Provider value={report}>
      <a class="skip" href="#headline">Skip to the report</a>
      <Patterns />
      <Header report={report} />
      <div class="columns">
        <Rail />
        <main>
          <Overview />
          <WhoMakesIt />
          <Coming />
          <Keeping />
          <TrackRecord />
          <Cohorts />
          <Customers />
          <Money />
          <NotHere />
          <Definitions />
        </main>
      </div>
      <footer>
        <p>{report.name} · as of {day(report.as_of)} · run {report.run_id} · built {day(report.built_at.slice(0, 10))} {report.built_at.slice(11, 16)} UTC · patron {report.version}</p>
      </footer>
    </ReportContext.Provider>
  )
}

function Header({ report }: { report: Report }) {
  const { trust } = report
  return (
    <header>
      <p class="project"><b>{report.name}</b></p>
      <p class="facts">as of <b>{day(report.as_of)}</b> · run <b>{report.run_id}</b> · condition <b>{report.condition}</b></p>
      {trust && <p class="verdict"><Dot mark={trust.mark} /> <a href="#track_record">{trust.last?.says ?? trust.verdict}</a></p>}
      <p class="reach">
        <a class="to-search" href="#search" onClick={(e) => { e.preventDefault(); document.getElementById("search")?.focus() }}><kbd>/</kbd> search</a>
        <Keys />
      </p>
    </header>
  )
}

/* The section that holds the upper third of the window. */
function useHere(ids: string[]): string {
  const [here, setHere] = useState(ids[0]!)
  useEffect(() => {
    let waiting = false
    const look = () => {
      waiting = false
      const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 4
      const passed = ids.filter((id) => (document.getElementById(id)?.getBoundingClientRect().top ?? Infinity) < innerHeight / 3)
      setHere(atEnd ? ids[ids.length - 1]! : passed[passed.length - 1] ?? ids[0]!)
    }
    const soon = () => {
      if (!waiting) requestAnimationFrame(look)
      waiting = true
    }
    addEventListener("scroll", soon, { passive: true })
    return () => removeEventListener("scroll", soon)
  }, [])
  return here
}

function Rail() {
  const [items, setItems] = useState(RAIL)
  useEffect(() => setItems(RAIL.filter(([id]) => document.getElementById(id))), [])
  const here = useHere(RAIL.map(([id]) => id))
  return (
    <nav aria-label="Sections">
      <ul>{items.map(([id, text]) => <li><a href={`#${id}`} aria-current={here === id ? "location" : undefined}>{text}</a></li>)}</ul>
    </nav>
  )
}
