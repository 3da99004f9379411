import { createHmac, hash, pbkdf2Sync, randomBytes } from 'node:crypto'
import type { Secret } from '../../secret.ts'

const iterations = 4096

/**
 * What PostgreSQL stores of a password (RFC 5803, SCRAM-SHA-256): sent instead of it, so that no log of the server
 * ever holds it. The portal's passwords are ASCII: SASLprep leaves them as they are.
 */
export function scramVerifier(password: Secret, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password.expose(), salt, iterations, 32, 'sha256')
  const key = (words: string) => createHmac('sha256', salted).update(words).digest()
  const stored = hash('sha256', key('Client Key'), 'base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${key('Server Key').toString('base64')}`
}
