import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Turns } from '../turns.ts'

const hashBytes = promisify(argon2)

interface Cost {
  memory: number
  passes: number
  parallelism: number
}
const cost: Cost = { memory: 19_456, passes: 2, parallelism: 1 }

// Each takes 19 MiB and a thread of the pool that file reads need too.
const turns = new Turns({ atOnce: 3, waiting: 60 })
let hashes = 0

/** How many passwords this process has hashed: the same for unknown Login IDs as for known ones. */
export const hashesDone = () => hashes

/** argon2id, as a PHC string. Throws TooBusy when too many wait already. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, cost, 32)
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(salt)}$${unpadded(hash)}`
}

/** Whether the password is the one of the hash. Without a hash the answer is no, after the same work. */
export async function verifyPassword(phc: string | null, password: string): Promise<boolean> {
  const { salt, hash, ...stored } = parse(phc ?? nobodys)
  const derived = await derive(password, salt, stored, hash.length)
  return timingSafeEqual(derived, hash) && phc !== null
}

/** A hash that no password gives. */
const nobodys = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(randomBytes(16))}$${unpadded(randomBytes(32))}`

function derive(password: string, salt: Buffer, { memory, passes, parallelism }: Cost, tagLength: number) {
  return turns.take(() => {
    hashes += 1
    // The same text typed on another keyboard may be composed differently.
    const message = password.normalize('NFKC')
    return hashBytes('argon2id', { message, nonce: salt, memory, passes, parallelism, tagLength })
  })
}

function parse(phc: string): Cost & { salt: Buffer; hash: Buffer } {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc)
  if (!match) throw new Error('A password hash in the database is not an argon2id PHC string.')
  const [, memory, passes, parallelism, salt = '', hash = ''] = match
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  }
}

function unpadded(bytes: Buffer) {
  return bytes.toString('base64').replace(/=+$/, '')
}
