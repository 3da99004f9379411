import { isIP } from 'node:net'

/** The network an address belongs to: /24, and /56 for IPv6, which is what one household or office gets. */
export function addressPrefix(address: string): string {
  if (isIP(address) === 4) return `${address.split('.').slice(0, 3).join('.')}.0/24`
  if (isIP(address) !== 6) return 'unknown'
  const groups = expand(address.replace(/%.*$/, ''))
  const fourth = (groups[3] ?? '').slice(0, 2)
  return `${[...groups.slice(0, 3), `${fourth}00`].map(g => g.replace(/^0+(?=.)/, '')).join(':')}::/56`
}

/** Eight groups of four digits. */
function expand(address: string): string[] {
  const [head = '', tail = ''] = address.split('::')
  const left = head.split(':').filter(g => g !== '')
  const right = tail.split(':').filter(g => g !== '')
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...zeros, ...right].map(g => g.toLowerCase().padStart(4, '0'))
}
