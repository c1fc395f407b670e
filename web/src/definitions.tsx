/* What the words mean, and where the numbers come from. */
import { Section, useReport } from "./frame.tsx"
import { DataTable } from "./table.tsx"
import { count, day, decimal, isKnown, share } from "./words.ts"

const WORDS: [string, string][] = [
  ["as of", "the day the numbers take for today"],
  ["customer", "a person who has bought by that day; money without a name is counted and valued, not forecast"],
  ["8 in 10", "a range that should hold in 8 of 10 cases; one in ten falls below it, one in ten above"],
  ["about", "the middle of a forecast, in no finer digits than it deserves"],
  ["value", "what a customer's purchases of the time ahead are worth as of today, later money discounted"],
  ["purchase", "a day with a sale above 0; several sales on one day are one"],
  ["still with us", "the chance that somebody will buy again, from how often and how recently they bought"],
  ["usual gap", "the mean of the days between one purchase and the next"],
  ["silent", "days since the last purchase"],
  ["sales after returns", "sales less refunds; goods, service and other costs are not taken off"],
  ["track record", "what was forecast on days in the past, beside what came"],
  ["calibration", "of things forecast to happen so often, did so many happen?"],
  ["no customer", "money received without knowing from whom"],
  ["quarantine", "rows that could not be read or believed, kept with the reason"],
  ["set aside", "not counted, because another row says the same; kept where it was read"],
  ["run", "one build, named by four digits; the same run gives the same numbers"],
  ["base", "the condition under which all is computed: things go on as they are"],
]

export function Definitions() {
  const { sources, tables, settings, names_masked } = useReport()
  const set = [
    isKnown(settings?.discount_rate) && `discount ${share(settings.discount_rate, settings.discount_rate! * 100 % 1 ? 1 : 0)} a year`,
    settings && (isKnown(settings.margin) ? `margin ${decimal(settings.margin, 2)}, assumed` : "no margin assumed"),
    settings?.season && `season ${settings.season}`, settings?.prior && `prior ${settings.prior}`,
  ].filter(Boolean)
  return (
    <Section id="definitions" title="Words and sources">
      <dl class="definitions">{WORDS.map(([word, means]) => <div><dt>{word}</dt><dd>{means}</dd></div>)}</dl>
      {sources.length > 0 && <DataTable data={{
        caption: "Sources",
        columns: [{ head: "source" }, { head: "stream" }, { head: "files" }, { head: "first day", show: (c) => day(c as string) }, { head: "last day", show: (c) => day(c as string) }],
        rows: sources.map((s) => [s.source, s.stream, s.files.join(", ") || "none", s.first_day, s.last_day]),
      }} />}
      {tables.length > 0 && <DataTable data={{
        caption: "Tables behind this page, to ask with patron sql",
        columns: [{ head: "table" }, { head: "rows", figure: true, show: (c) => count(c as number) }, ...(tables.some((t) => t.comment) ? [{ head: "what a row is" }] : [])],
        rows: tables.map((t) => [t.table, t.rows, t.comment ?? ""]),
      }} />}
      {set.length > 0 && <p class="note">Settings: {set.join(" · ")}.</p>}
      <p class="note">{names_masked ? "Names and keys of customers are not in this file. " : "This file holds names or keys of customers: keep it as you keep the data. "}It asks nothing of any network.</p>
    </Section>
  )
}
