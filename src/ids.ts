import { hash, randomBytes, randomUUID } from 'node:crypto'

/** 32 random bytes, base64url (43 characters): for sessions, links and forms. */
export const randomToken = () => randomBytes(32).toString('base64url')

/** What the database keeps of a token: sha256, hex. */
export const tokenHash = (token: string) => hash('sha256', token)

export const newId = () => randomUUID()
