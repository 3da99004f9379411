/** Too many wait already; better to say so than to let everybody wait. */
export class TooBusy extends Error {}

/** Lets a few in at once; the others wait their turn, up to a limit. */
export class Turns {
  readonly #atOnce: number
  readonly #mayWait: number
  readonly #queue: (() => void)[] = []
  #active = 0
  constructor({ atOnce, waiting }: { atOnce: number; waiting: number }) {
    this.#atOnce = atOnce
    this.#mayWait = waiting
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter()
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  async #enter() {
    if (this.#active < this.#atOnce) {
      this.#active += 1
      return
    }
    if (this.#queue.length >= this.#mayWait) throw new TooBusy('Too many passwords are being checked.')
    await new Promise<void>(resolve => this.#queue.push(resolve))
  }

  /** The place goes straight to who waits longest. */
  #leave() {
    const next = this.#queue.shift()
    if (next) next()
    else this.#active -= 1
  }
}
