import { openDatabase } from '../../db/open.ts'
import { type Config, ConfigError } from '../config.ts'
import { isReady } from '../operation/queries.ts'
import { examineVault, type VaultReport } from '../vault/examine-vault.ts'
import type { MasterKey } from '../vault/master-key.ts'
import { wrongKey } from '../vault/standing.ts'
import { type GivenKey, givenKey } from './given-key.ts'

/** The key that the portal would start with; null: there is none yet. Makes none. */
export const keyAtHand = (config: Config): MasterKey | null => givenKey(config)?.key ?? null

/** Whether what is stored can be read with the key at hand. */
export async function checkVault(config: Config): Promise<string> {
  const given = givenKey(config)
  const open = await openDatabase(config)
  try {
    if (!(await isReady(open))) return 'nothing is stored yet'
    return inWords(await examineVault(open.db, open.engine, given?.key ?? null), given)
  } finally {
    await open.close()
  }
}

/** Throws a ConfigError for what has to be put right. */
function inWords({ standing, stored, byKey, closed }: VaultReport, given: GivenKey | null): string {
  if (stored === 0) return given ? `${given.key.id}, nothing is stored yet` : 'made at the first start'
  const counts = [...byKey].map(([id, count]) => `${count} under ${id}`).join(', ')
  if (!given || !standing || standing.kind === 'first')
    throw new ConfigError(`Passwords are stored (${counts}), but there is no key to read them.`)
  if (standing.kind === 'stranger' || standing.kind === 'former' || standing.kind === 'altered')
    throw new ConfigError(wrongKey(standing, given))
  if (closed.length > 0)
    throw new ConfigError(
      `Of the stored passwords (${counts}) ${closed.length} can't be opened: ${closed
        .slice(0, 20)
        .map(({ reason }) => reason)
        .join(' ')} Reset or enter them anew.`,
    )
  const opens = `${given.key.id} opens the stored passwords`
  if (standing.kind === 'linked')
    return `${opens}, but is being replaced by ${standing.current.id}: ${counts}`
  return standing.former ? `${opens}, but ${standing.former.id} still leads to it` : opens
}
