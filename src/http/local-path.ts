/** A path inside the portal to return to, or the Start Center when it is anything else. */
export function localPath(candidate: string | null | undefined, fallback = '/'): string {
  if (!candidate || candidate.length > 2000 || !candidate.startsWith('/')) return fallback
  // Browsers read `/\host` like `//host`, and drop tabs and line ends before reading.
  if (/^\/[/\\]|[\\\p{Cc}]/u.test(candidate)) return fallback
  const url = URL.parse(candidate, 'http://portal.invalid')
  if (url?.origin !== 'http://portal.invalid' || url.pathname.startsWith('//')) return fallback
  return `${url.pathname}${url.search}${url.hash}`
}
