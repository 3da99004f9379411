/** A Date whose UTC parts read as the clock on the wall in that zone. */
export const wallTime = (date: Date, zone: string) => new Date(date.getTime() + offsetOf(date, zone))

const quarterHour = 900_000
const known = new Map<string, Map<number, number>>()

/**
 * Milliseconds the zone is ahead of UTC. Asking Intl costs many times what a table row does, and clocks
 * only ever change on a quarter of an hour.
 */
function offsetOf(date: Date, zone: string): number {
  if (zone === 'UTC') return 0
  const offsets = known.get(zone) ?? new Map<number, number>()
  known.set(zone, offsets)
  const quarter = Math.floor(date.getTime() / quarterHour)
  let offset = offsets.get(quarter)
  if (offset !== undefined) return offset
  if (offsets.size >= 10_000) offsets.clear()
  offset = askOffset(date, zone)
  offsets.set(quarter, offset)
  return offset
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function askOffset(date: Date, zone: string): number {
  let format = formatters.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    formatters.set(zone, format)
  }
  const name = format.formatToParts(date).find(part => part.type === 'timeZoneName')?.value ?? 'GMT'
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /GMT([+-])(\d+):(\d+):?(\d+)?/.exec(name) ?? []
  const ahead = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
  return sign === '-' ? -ahead : ahead
}
