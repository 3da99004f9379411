import type { Ctx } from './env.ts'

/** The query of a list or a form, as anybody may have typed it; NUL can't be looked for. */
export const queryOf = (c: Ctx): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(c.req.query()).map(([name, value]) => [name, value.replaceAll('\0', '').slice(0, 2000)]),
  )

/** A number out of an address; undefined for anything that can't be one. */
export const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
