import pg from 'pg'
import { ProvisionerError } from '../provisioner.ts'

/** Quoted for a statement. */
export const quoted = (name: string): string => {
  // PostgreSQL would cut a longer one short, and mean another object.
  if (name === '' || name.includes('\0') || Buffer.byteLength(name) > 63)
    throw new ProvisionerError('failed', `“${name.slice(0, 40)}” can’t be a name in PostgreSQL.`)
  return pg.escapeIdentifier(name)
}

export const literal = (text: string): string => pg.escapeLiteral(text)

export const groupName = (group: string, readOnly: boolean) => `gatehouse_${group}_${readOnly ? 'ro' : 'rw'}`

/** Its members may not sign in to the primary: pg_hba.conf says so. */
export const standbyOnly = 'gatehouse_standby_only'

/** What the portal's own roles carry. */
export const markOf = (mark: number) => `gatehouse:${mark}`
export const groupMark = 'gatehouse group'
export const checkMark = 'gatehouse check'

/** Null: it is not ours. */
export const readMark = (comment: string | null): number | null => {
  const mark = /^gatehouse:(\d{1,15})$/.exec(comment ?? '')?.[1]
  return mark === undefined ? null : Number(mark)
}
