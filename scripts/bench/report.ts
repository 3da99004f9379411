export interface Line {
  what: string
  found: string
  target?: { words: string; met: boolean }
}

/** Prints a table; gives whether every target was met. */
export function printReport(title: string, lines: readonly Line[]): boolean {
  const wide = Math.max(...lines.map(line => line.what.length))
  const wideFound = Math.max(...lines.map(line => line.found.length))
  console.log(`\n${title}\n`)
  for (const { what, found, target } of lines) {
    const verdict = target ? `  ${target.met ? 'met    ' : 'NOT MET'}  ${target.words}` : ''
    console.log(`  ${what.padEnd(wide)}  ${found.padStart(wideFound)}${verdict}`)
  }
  return lines.every(line => line.target?.met ?? true)
}

export const ratio = (part: number, whole: number) => `${(part / whole).toFixed(2)}×`
export const perSecond = (value: number) => `${Math.round(value).toLocaleString('en')}/s`
export const ms = (value: number) => `${value.toFixed(2)} ms`
export const mib = (value: number) => `${value.toFixed(0)} MiB`
export const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`
