/** How other processes on the same database are told, and tell. */
export interface Carrier {
  readonly ready: Promise<void>
  send(topic: string): void
  close(): Promise<void>
}

export interface Receiver {
  heard(topic: string): void
  /** Anything may have been said: everyone looks. */
  mayHaveMissed(): void
  /** Whether anyone would hear. */
  hasListeners(): boolean
}
