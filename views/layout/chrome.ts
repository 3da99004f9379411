import type { Actor } from '../../src/policy.ts'
import type { NavKey } from '../navigation.ts'

/** What surrounds every page: who looks at it, how, and where it stands. */
export interface Chrome {
  /** null before sign-in: no menu, no search, no Start Center. */
  actor: Actor | null
  preferences: { theme: 'system' | 'light' | 'dark'; shortcuts: boolean }
  /** Session-bound token; forms carry it through <CsrfField>, htmx through an inherited header. */
  csrf: string
  /** Path and query of this page, to come back to. */
  path: string
  /** Said once, after a redirect. */
  flash: { kind: 'done' | 'warning'; text: string } | null
  /** The menu entry this page belongs to. */
  nav: NavKey | null
  /** Whether `nav` is a Favorite Application; null where it can't be one. */
  starred: boolean | null
}

/** The IANA zone in which times are shown to the reader. */
export const zoneOf = (chrome: Pick<Chrome, 'actor'>): string => chrome.actor?.timeZone ?? 'UTC'
