/* Tables as CSV files, made in the browser: nothing is asked of any server. */

export type Cell = string | number | null

function quoted(cell: Cell): string {
  if (cell == null) return ""
  if (typeof cell === "number") return String(cell)
  // a spreadsheet would run such text as a formula
  const text = /^[=+@\t\r]|^-(?![\d.])/.test(cell) ? "'" + cell : cell
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
}

export function toCsv(head: string[], rows: Cell[][]): string {
  return [head, ...rows].map((row) => head.map((_, i) => quoted(row[i] ?? null)).join(",") + "\r\n").join("")
}

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" })) // the mark tells Excel that it is UTF-8
  const link = document.createElement("a")
  link.href = url
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
