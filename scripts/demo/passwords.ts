import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { castLoginId, castPersons } from '../../db/seeds/cast.ts'

export interface DemoPerson {
  id: (typeof castPersons)[number]['id']
  loginId: string
  password: string
  role: string
}

export const passwordsFile = (folder: string) => path.join(folder, 'demo-passwords')

/** The persons of the demo with passwords made at the first start and kept since. */
export function demoPersons(folder: string): DemoPerson[] {
  const kept = readPasswords(passwordsFile(folder))
  const persons = castPersons.map(({ id, role }) => {
    const loginId = castLoginId(id)
    return { id, loginId, role, password: kept.get(loginId) ?? newPassword() }
  })
  if (persons.some(person => !kept.has(person.loginId))) writePasswords(passwordsFile(folder), persons)
  return persons
}

export const personLine = ({ loginId, password, role }: DemoPerson) => `${loginId}  ${password}  ${role}`

function readPasswords(file: string): Map<string, string> {
  if (!existsSync(file)) return new Map()
  const lines = readFileSync(file, 'utf8').split('\n')
  return new Map(
    lines.flatMap(line => {
      const [loginId, password] = line.split(/\s+/)
      return loginId && password ? [[loginId, password] as const] : []
    }),
  )
}

function writePasswords(file: string, persons: readonly DemoPerson[]) {
  writeFileSync(file, `${persons.map(personLine).join('\n')}\n`, { mode: 0o600 })
}

/** Letters and digits that are not taken for each other; 16 of them are about 92 bits. */
function newPassword(): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'
  return Array.from({ length: 16 }, () => alphabet[randomInt(alphabet.length)]).join('')
}
