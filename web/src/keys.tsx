/* Keys: / searches, j and k go through customers, t turns a chart into its table, ? says all this. */
import { useEffect, useRef, useState } from "preact/hooks"

const KEYS: [string, string][] = [
  ["/", "search a customer"],
  ["j  k", "next and previous customer"],
  ["Enter", "open the customer's card, and close it"],
  ["t", "table of the chart in view"],
  ["← →", "read the values of a chart that has the focus"],
  ["Esc", "clear the search, close a card or this box"],
  ["?", "this box"],
]

/* The chart that holds the focus, else the one nearest to the middle of the window. */
function chartInView(): Element | null {
  const held = document.activeElement?.closest("figure.frame")
  if (held) return held
  const middle = innerHeight / 2
  const away = (f: Element) => {
    const r = f.getBoundingClientRect()
    return r.top <= middle && r.bottom >= middle ? 0 : Math.min(Math.abs(r.top - middle), Math.abs(r.bottom - middle))
  }
  return [...document.querySelectorAll("figure.frame")].sort((a, b) => away(a) - away(b))[0] ?? null
}

export function Keys() {
  const box = useRef<HTMLDialogElement>(null)
  const [on, setOn] = useState(true)
  useEffect(() => {
    const press = (e: KeyboardEvent) => {
      if (!on || e.ctrlKey || e.metaKey || e.altKey || (e.target as Element).closest?.("input, textarea, select, dialog")) return
      const act: Record<string, () => void> = {
        "/": () => {
          const search = document.getElementById("search")
          search?.focus()
          search?.scrollIntoView({ block: "center" })
        },
        j: () => dispatchEvent(new CustomEvent("patron-step", { detail: 1 })),
        k: () => dispatchEvent(new CustomEvent("patron-step", { detail: -1 })),
        t: () => chartInView()?.dispatchEvent(new Event("patron-table")),
        "?": () => box.current?.showModal(),
      }
      const what = act[e.key]
      if (!what) return
      e.preventDefault()
      what()
    }
    addEventListener("keydown", press)
    return () => removeEventListener("keydown", press)
  }, [on])
  return (
    <>
      <button type="button" class="help" aria-haspopup="dialog" onClick={() => box.current?.showModal()}><span aria-hidden="true">?</span><span class="unseen">Keys</span></button>
      <dialog ref={box} aria-labelledby="keys-title" onClick={(e) => e.target === box.current && box.current?.close()}>
        <h2 id="keys-title">Keys</h2>
        <dl>{KEYS.map(([key, does]) => <div><dt><kbd>{key}</kbd></dt><dd>{does}</dd></div>)}</dl>
        <p><label><input type="checkbox" checked={on} onChange={(e) => setOn(e.currentTarget.checked)} /> keys of one letter work</label></p>
        <form method="dialog"><button>Close</button></form>
      </dialog>
    </>
  )
}
