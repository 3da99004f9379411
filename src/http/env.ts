import type { Context } from 'hono'
import type { Instant } from '../../db/schema.ts'
import type { Deps } from '../deps.ts'
import type { Actor } from '../policy.ts'

/** A live session, as the request found it. */
export interface LiveSession {
  idHash: string
  personId: string
  createdAt: Instant
  /** Last time the person proved who they are. */
  identifiedAt: Instant
}

/** How the person wants pages to look and behave. */
export interface Preferences {
  theme: 'system' | 'light' | 'dark'
  shortcuts: boolean
}

/** What a person's own menu remembers. Given by app.tsx, so that http knows no domain. */
export interface PageBook {
  isFavorite(personId: string, page: string): Promise<boolean>
  visited(personId: string, page: string): Promise<void>
}

export interface AppEnv {
  Variables: {
    deps: Deps
    /** Correlates page, log line and audit row. */
    requestId: string
    /** The client's address, behind as many proxies as TRUST_PROXY says. */
    address: string
    /** null before sign-in. */
    session: LiveSession | null
    /** Set behind `signedIn`; reading it elsewhere is a programming error. */
    actor: Actor
    preferences: Preferences
    /** Loads again who acts, while something takes long. */
    loadVisitor(): Promise<void>
    /** Session-bound (or pre-session) token that every form carries in the field `csrf`. */
    csrf: string
    /** Said once on the next page, after a redirect. */
    flash: Flash | null
    pages: PageBook
  }
}

export interface Flash {
  kind: 'done' | 'warning'
  text: string
}

export type Ctx = Context<AppEnv>
