import type { Readable } from 'node:stream'
import type { Deps } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { type Asked, type Part, readRange } from './byte-range.ts'
import { attachment } from './names.ts'
import type { OpenObject } from './object-store.ts'
import { recordAct } from './record-act.ts'
import type { VisibleStore } from './rights.ts'
import { openStore } from './stores.ts'

export type Download =
  | { kind: 'none' }
  /** To be had from there, for a minute. */
  | { kind: 'elsewhere'; address: string }
  /** The range asked for begins after its end. */
  | { kind: 'beyond'; size: number }
  | { kind: 'here'; facts: OpenObject; part: Part | null; content: Readable | null }

/** An object to be given to somebody; `head`: without its content. What is written down is that it was given. */
export async function downloadFile(
  deps: Deps,
  actor: Actor,
  found: VisibleStore,
  key: string,
  asked: Asked & { head: boolean },
): Promise<Download> {
  const store = await openStore(deps, found.settings)
  let object: OpenObject | null = null
  let content: Readable | null = null
  try {
    object = await store.open(key)
    if (!object) return { kind: 'none' }
    const part = readRange(asked, object)
    if (part === 'beyond') return { kind: part, size: object.size }
    if (asked.head) return { kind: 'here', facts: object, part, content }
    await recordAct(deps, actor, 'file downloaded', found, key, {
      bytes: object.size,
      ...(part && { part: words(part) }),
    })
    const as = { type: object.type, disposition: attachment(key) }
    const address = found.settings.transfer === 'presigned' ? await store.addressOf(key, as) : null
    if (address === null) {
      content = await object.read(part ?? undefined)
      content.once('close', () => store.close())
      return { kind: 'here', facts: object, part, content }
    }
    return { kind: 'elsewhere', address }
  } finally {
    if (!content) {
      await object?.close()
      store.close()
    }
  }
}

const words = ({ first, last }: Part) => `${first}-${last}`
