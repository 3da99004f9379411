import { sql } from 'kysely'
import { minutes, nowInstant } from '../clock.ts'
import type { Deps } from '../deps.ts'
import type { PageBook } from '../http/env.ts'
import { plannedOnce } from '../planned-once.ts'

/** A page left open or reloaded is not worth a write each time. */
const noteAgainAfter = minutes(10)
const peopleRemembered = 5000

/** Favorite Applications and My Recent Applications of each person. */
export function pageBook(deps: Deps): PageBook {
  const last = new Map<string, { page: string; at: number }>()
  return {
    isFavorite: (personId, page) => isFavorite(deps, personId, page),
    async visited(personId, page) {
      const at = deps.clock.now().getTime()
      const before = last.get(personId)
      if (before?.page === page && at - before.at < noteAgainAfter) return
      if (last.size >= peopleRemembered) last.clear()
      last.set(personId, { page, at })
      await noteVisit(deps, personId, page)
    },
  }
}

/** As text: every page of the menu asks it, and putting it together costs more than its answer. */
async function isFavorite({ db }: Deps, personId: string, page: string) {
  const { rows } = await sql<{ page: string }>`select page from favorites
    where person_id = ${plannedOnce(personId)} and page = ${plannedOnce(page)}`.execute(db)
  return rows.length > 0
}

/** A convenience: when it can't be written, the page is shown all the same. */
async function noteVisit({ db, clock, log }: Deps, personId: string, page: string) {
  const visited_at = nowInstant(clock)
  try {
    await db
      .insertInto('recent_pages')
      .values({ person_id: personId, page, visited_at })
      .onConflict(on => on.columns(['person_id', 'page']).doUpdateSet({ visited_at }))
      .execute()
  } catch (err) {
    log.warn({ err, page }, 'visit not noted')
  }
}

/** Sets or unsets a favorite; saying it twice is harmless. */
export async function setFavorite({ db, clock }: Deps, personId: string, page: string, starred: boolean) {
  if (starred)
    await db
      .insertInto('favorites')
      .values({ person_id: personId, page, created_at: nowInstant(clock) })
      .onConflict(on => on.doNothing())
      .execute()
  else await db.deleteFrom('favorites').where('person_id', '=', personId).where('page', '=', page).execute()
}
