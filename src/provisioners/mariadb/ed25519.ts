import { hash } from 'node:crypto'

/** Edwards25519 (RFC 8032), as far as a public key needs it. */
const p = 2n ** 255n - 19n
const d = mod(-121665n * inverse(121666n))
const base = { x: 15112221349535400772501151409588531511454012693041857206046113283949847762202n, y: 4n }

interface Point {
  x: bigint
  y: bigint
  z: bigint
  t: bigint
}

/**
 * What MariaDB's `ed25519` stores of a password: the public key whose private scalar is the password's SHA-512. Node's
 * own Ed25519 takes passwords of 32 bytes only. This runs in the portal's jobs, where nobody can measure its time.
 */
export function ed25519PublicKey(password: string): Buffer {
  const scalar = hash('sha512', password, 'buffer').subarray(0, 32)
  scalar[0] = (scalar[0] ?? 0) & 248
  scalar[31] = ((scalar[31] ?? 0) & 127) | 64
  return packed(timesBase(fromLittleEndian(scalar)))
}

function timesBase(scalar: bigint): Point {
  let sum: Point = { x: 0n, y: 1n, z: 1n, t: 0n }
  const y = mod(base.y * inverse(5n))
  let power: Point = { x: base.x, y, z: 1n, t: mod(base.x * y) }
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = added(sum, power)
    power = added(power, power)
  }
  return sum
}

/** The complete addition for a = −1 in extended coordinates: right for every pair of points. */
function added(one: Point, other: Point): Point {
  const a = mod((one.y - one.x) * (other.y - other.x))
  const b = mod((one.y + one.x) * (other.y + other.x))
  const c = mod(2n * d * one.t * other.t)
  const e = mod(2n * one.z * other.z)
  return {
    x: mod((b - a) * (e - c)),
    y: mod((e + c) * (b + a)),
    z: mod((e - c) * (e + c)),
    t: mod((b - a) * (b + a)),
  }
}

/** The y coordinate, with the lowest bit of x on top. */
function packed({ x, y, z }: Point): Buffer {
  const one = inverse(z)
  const key = Buffer.from(
    mod(y * one)
      .toString(16)
      .padStart(64, '0'),
    'hex',
  ).reverse()
  if (mod(x * one) & 1n) key[31] = (key[31] ?? 0) | 128
  return key
}

const fromLittleEndian = (bytes: Buffer) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)

function mod(value: bigint): bigint {
  const rest = value % p
  return rest < 0n ? rest + p : rest
}

/** By Fermat. */
function inverse(value: bigint): bigint {
  let result = 1n
  let power = mod(value)
  for (let rest = p - 2n; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * power)
    power = mod(power * power)
  }
  return result
}
