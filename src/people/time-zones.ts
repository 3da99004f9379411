/** What can be chosen: UTC first, as it is what counts when nothing was chosen. */
export const timeZones: readonly string[] = [
  'UTC',
  ...Intl.supportedValuesOf('timeZone').filter(zone => zone !== 'UTC'),
]

/** Also names that are no longer listed, such as those a zone had before. */
export function isTimeZone(name: string): boolean {
  if (timeZones.includes(name)) return true
  // Offsets such as +01:00 are accepted by Intl, but they are no places.
  if (!/^[A-Za-z]+(\/[A-Za-z0-9_+-]+)+$/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
