import type { Instant } from '../../db/schema.ts'
import { nowInstant } from '../clock.ts'
import type { Deps } from '../deps.ts'
import type { RecurringWork } from './handler.ts'
import { nextTime } from './next-time.ts'
import { readable } from './outcomes.ts'

/**
 * Runs recurring work: who moves next_at from the value seen has the occurrence, on whichever node. Missed
 * occurrences collapse into one, because the next one is counted from now.
 */
export class Scheduler {
  readonly #deps: Deps
  readonly #work: readonly RecurringWork[]
  readonly #running = new Map<string, Promise<void>>()
  #earliest: Instant = ''

  constructor(deps: Deps, work: readonly RecurringWork[]) {
    this.#deps = deps
    this.#work = work
  }

  /** Forgets work that this version no longer has. */
  async prune(): Promise<void> {
    const names = this.#work.map(({ name }) => name)
    const gone = this.#deps.db.deleteFrom('recurring')
    await (names.length === 0 ? gone : gone.where('name', 'not in', names)).execute()
  }

  /** Whether anything may be due, as far as known without asking the database. */
  isDue(): boolean {
    return this.#work.length > 0 && this.#earliest <= nowInstant(this.#deps.clock)
  }

  /** Starts what is due and not running here. */
  async tick(): Promise<void> {
    if (this.#work.length === 0) return
    const now = nowInstant(this.#deps.clock)
    const due = new Map((await this.#rows()).map(row => [row.name, row.next_at]))
    this.#earliest = this.#work.map(work => this.#nextAfter(work, due.get(work.name), now)).sort()[0] ?? now
    for (const work of this.#work) {
      const seen = due.get(work.name)
      if (this.#running.has(work.name) || (seen !== undefined && seen > now)) continue
      if (await this.#claim(work, seen)) this.#start(work)
    }
  }

  #nextAfter(work: RecurringWork, seen: Instant | undefined, now: Instant): Instant {
    return seen !== undefined && seen > now ? seen : nextTime(work, now)
  }

  #rows() {
    return this.#deps.db.selectFrom('recurring').select(['name', 'next_at']).execute()
  }

  async #claim(work: RecurringWork, seen: Instant | undefined): Promise<boolean> {
    const { db, clock } = this.#deps
    const { name } = work
    const last_at = nowInstant(clock)
    const next_at = nextTime(work, last_at)
    const claimed = await (seen === undefined
      ? db
          .insertInto('recurring')
          .values({ name, next_at, last_at })
          .onConflict(known => known.column('name').doNothing())
          .returning('name')
      : db
          .updateTable('recurring')
          .set({ next_at, last_at })
          .where('name', '=', name)
          .where('next_at', '=', seen)
          .returning('name')
    ).executeTakeFirst()
    return claimed !== undefined
  }

  #start(work: RecurringWork) {
    const run = this.#run(work).finally(() => this.#running.delete(work.name))
    this.#running.set(work.name, run)
  }

  async #run({ name, run }: RecurringWork): Promise<void> {
    try {
      await run(this.#deps)
      await this.#note(name, null)
    } catch (error) {
      this.#deps.log.error({ err: error, name }, 'recurring work failed')
      await this.#note(name, readable(error)).catch(() => {})
    }
  }

  async #note(name: string, last_error: string | null): Promise<void> {
    const row = this.#deps.db.updateTable('recurring').set({ last_error }).where('name', '=', name)
    await (last_error === null ? row.where('last_error', 'is not', null) : row).execute()
  }

  /** When all that runs now has ended. */
  async emptied(): Promise<void> {
    await Promise.all(this.#running.values())
  }
}
