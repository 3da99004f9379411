import { type FoundAccount, ProvisionerError } from './provisioner.ts'

/** `free`, `foreign`, or `ours` and the mark. */
export function readOwner(out: string): 'free' | { mark: number | null } {
  const word = out.trim()
  if (word === 'free') return 'free'
  if (word === 'foreign') return { mark: null }
  const mark = /^ours (\d{1,15})$/.exec(word)?.[1]
  if (mark !== undefined) return { mark: Number(mark) }
  throw notUnderstood('who', out)
}

/** Name, mark or `-`, `open` or `locked`, end or `-`, and what it can do beyond its groups; tabs in between. */
export function readFound(line: string): FoundAccount {
  const [name = '', mark = '', state = '', until = '', ...unexpected] = line
    .split('\t')
    .map(word => word.trim())
  const end = until === '-' || until === '' ? null : new Date(until)
  if (
    name === '' ||
    !/^(-|\d{1,15})$/.test(mark) ||
    !/^(open|locked)$/.test(state) ||
    Number.isNaN(end?.getTime())
  )
    throw notUnderstood('list', line)
  return {
    name,
    mark: mark === '-' ? null : Number(mark),
    locked: state === 'locked',
    validUntil: end,
    unexpected: unexpected.filter(Boolean),
  }
}

const notUnderstood = (verb: string, out: string) =>
  new ProvisionerError(
    'failed',
    `The program’s answer to “${verb}” is not understood: ${out.trim().slice(0, 100)}`,
  )
