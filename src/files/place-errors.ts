import { days } from '../clock.ts'
import type { Deps } from '../deps.ts'
import type { FieldErrors } from '../result.ts'
import type { Secret } from '../secret.ts'
import { StoreError } from './object-store.ts'
import { realPlace } from './shared-places.ts'
import { openStore, type StoreSettings } from './stores.ts'

/** Folders of the system, with all that is in them. */
const systems = [
  'bin',
  'boot',
  'dev',
  'etc',
  'lib',
  'lib32',
  'lib64',
  'libx32',
  'proc',
  'run',
  'sbin',
  'sys',
  'usr',
]
/** These hold folders that may be meant. */
const holders = new Set([
  '/',
  '/home',
  '/media',
  '/mnt',
  '/opt',
  '/root',
  '/srv',
  '/tmp',
  '/var',
  '/var/lib',
  '/var/log',
])

/** A folder that nobody can mean: what is old there is deleted, and users see what is in it. */
export async function systemFolderError(root: string): Promise<FieldErrors> {
  const real = await realPlace(root)
  const isSystem =
    holders.has(real) || systems.some(name => real === `/${name}` || real.startsWith(`/${name}/`))
  return isSystem ? { root: `${real} belongs to the system. Choose a folder made for these files.` } : {}
}

/** More than that need not be counted. */
const most = 1000

/**
 * What lies in a place that is chosen anew, and is older than the days it would be kept, would be deleted within the
 * hour: whoever wants that sets the days afterwards. What is in a place that can't be asked now, nobody knows.
 */
export async function oldThereError(
  deps: Deps,
  settings: StoreSettings,
  secret?: Secret,
): Promise<FieldErrors> {
  if (settings.retention_days === null) return {}
  const until = new Date(deps.clock.now().getTime() - days(settings.retention_days))
  try {
    const store = await openStore(deps, settings, secret)
    try {
      let old = 0
      if (await store.exists())
        for await (const { key } of store.olderThan(until)) {
          if (!key.endsWith('/')) old += 1
          if (old >= most) break
        }
      return old === 0 ? {} : { retention_days: words(old, settings.retention_days) }
    } finally {
      store.close()
    }
  } catch (error) {
    if (error instanceof StoreError) return {}
    throw error
  }
}

const words = (old: number, kept: number) =>
  `${old === most ? `${most} files or more` : old === 1 ? '1 file' : `${old} files`} there ${old === 1 ? 'is' : 'are'} older than ${kept} days and would be deleted within the hour. Leave this empty to keep ${old === 1 ? 'it' : 'them'}; the days can be set after that.`
