import { paths } from '../../src/paths.ts'
import type { Attrs } from '../ui/attrs.ts'

/** The one form of Manage Access; its fields and buttons stand all over the page and name it. */
export const MANAGE_FORM = 'manage-access'

const sent = (person: string, what: 'look' | 'note'): Attrs => ({
  form: MANAGE_FORM,
  'hx-post': paths.manageAccess(person),
  'hx-vals': JSON.stringify({ do: what }),
  'hx-trigger': 'change',
  // One after the other: each carries the whole form, and the last one is what is kept.
  'hx-sync': `#${MANAGE_FORM}:queue all`,
})

/** Where scripts run, a changed field is kept at once, and what the portal makes of it is shown in the piece. */
export const looked = (person: string, piece: string): Attrs => ({
  ...sent(person, 'look'),
  'hx-target': `#${piece}`,
  'hx-select': `#${piece}`,
  'hx-swap': 'outerHTML',
})

/** Where scripts run, a changed field is kept at once. */
export const noted = (person: string): Attrs => ({ ...sent(person, 'note'), 'hx-swap': 'none' })

/** Where scripts run, such a link takes along what is typed. */
export const keeping = (act: string): Attrs => ({ 'data-keep': MANAGE_FORM, 'data-keep-act': act })
