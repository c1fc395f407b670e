/* What this report could hold and does not: why, and what would fill it. */
import { Command, Section, useReport } from "./frame.tsx"

const TITLES: Record<string, string> = {
  strain: "Relationships", conditions: "Conditions", plan: "Plan", books: "Books", costs: "Costs", identity: "Identity",
}

/* Parts with a section of their own say it there. */
const ELSEWHERE = ["headline", "trust", "money", "who_makes_it", "coming", "keeping", "actual_and_forecast", "calibration", "cohorts", "customers"]

export function NotHere() {
  const { missing } = useReport()
  const parts = Object.entries(missing).filter(([part]) => !ELSEWHERE.includes(part))
  if (!parts.length) return null
  return (
    <Section id="not_here" title="Not in this report">
      <ul class="not-here">
        {parts.map(([part, m]) => (
          <li>
            <h3>{TITLES[part] ?? part.replace(/_/g, " ")}</h3>
            <p>{m.says}</p>
            {m.add && <Command text={m.add} />}
          </li>
        ))}
      </ul>
    </Section>
  )
}
