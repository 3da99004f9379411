import type { Logger } from 'pino'
import type { OpenDatabase } from '../../db/open.ts'
import type { Carrier, Receiver } from './carrier.ts'
import { listenAndNotify } from './listen-notify.ts'
import { pollDataVersion } from './poll-data-version.ts'

/** Tells the parts of the portal, in all its processes, that something has moved. Never the only way they find out. */
export interface Signals {
  /** What other processes say is heard from here on. Rejects never. */
  readonly ready: Promise<void>
  /** Something was queued. Call it after the commit. */
  wake(): void
  onWake(heard: () => void): () => void
  /** Something about the topic, such as `request:2261`, has moved. */
  announce(topic: string): void
  listen(topic: string, heard: () => void): () => void
  close(): Promise<void>
}

/** A wake-up is a topic like others. */
const wakeTopic = 'wake'

export function createSignals(open: OpenDatabase, log: Logger): Signals {
  const listeners = new Map<string, Set<() => void>>()
  const call = (heard: () => void) => {
    try {
      heard()
    } catch (error) {
      log.error({ err: error }, 'a listener failed')
    }
  }
  const heard = (topic: string) => {
    for (const listener of [...(listeners.get(topic) ?? [])]) call(listener)
  }
  const carrier = carry(open, log, {
    heard,
    mayHaveMissed: () => {
      for (const topic of [...listeners.keys()]) heard(topic)
    },
    hasListeners: () => listeners.size > 0,
  })
  const listen = (topic: string, listener: () => void) => {
    // A function of its own, so that one given twice is called twice and removed once.
    const entry = () => listener()
    const entries = listeners.get(topic) ?? new Set()
    listeners.set(topic, entries.add(entry))
    return () => {
      entries.delete(entry)
      if (entries.size === 0 && listeners.get(topic) === entries) listeners.delete(topic)
    }
  }
  const announce = (topic: string) => {
    heard(topic)
    carrier.send(topic)
  }
  return {
    ready: carrier.ready,
    wake: () => announce(wakeTopic),
    onWake: listener => listen(wakeTopic, listener),
    announce,
    listen,
    close: () => carrier.close(),
  }
}

const carry = (open: OpenDatabase, log: Logger, receiver: Receiver): Carrier =>
  open.pool ? listenAndNotify(open.pool.options, log, receiver) : pollDataVersion(open.db, log, receiver)
