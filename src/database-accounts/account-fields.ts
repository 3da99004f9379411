/** Names of the fields about the database account of an access, on Manage Access. None of them is ever staged. */
export const showPasswordField = (id: number) => `show_${id}`
export const showCertificateField = (id: number) => `show_certificate_${id}`
export const newPasswordField = (id: number) => `new_password_${id}`
export const resetAtField = (id: number) => `reset_at_${id}`
export const resetZoneField = (id: number) => `reset_zone_${id}`
export const resetOffsetField = (id: number) => `reset_offset_${id}`

type AccountAct = 'show' | 'show-password' | 'show-certificate' | 'reset' | 'cancel-reset'

/** What a button about an account is called in `do`: "reset 12". A form that comes back tells by it what it was for. */
export const accountAct = (act: AccountAct, id: number) => `${act} ${id}`

export interface PressedAct {
  act: AccountAct
  id: number
}

export function readAccountAct(words: string | undefined): PressedAct | null {
  const found = /^(show|show-password|show-certificate|reset|cancel-reset) ([1-9]\d{0,14})$/.exec(words ?? '')
  return found ? { act: found[1] as AccountAct, id: Number(found[2]) } : null
}

type Values = Readonly<Record<string, string>>

/** Of all that was sent, what may be drawn again. */
export const accountValues = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).filter(([name]) =>
      /^(show|show_certificate|reset_at|reset_zone|reset_offset)_\d+$/.test(name),
    ),
  )

/** What was typed for a reset, where this act is not the one that takes it; '': nothing. */
export function resetUnused(fields: Readonly<Record<string, readonly string[]>>): string {
  const isTyped = (form: RegExp) =>
    Object.entries(fields).some(([name, all]) => form.test(name) && all.at(-1) !== '')
  if (isTyped(/^new_password_\d+$/))
    return 'The New Database Password was not used, and it is not kept: type it again and press Reset Database Password.'
  return isTyped(/^reset_at_\d+$/) ? 'Reset at was not used: only Reset Database Password takes it.' : ''
}
