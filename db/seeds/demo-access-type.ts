import type { Kysely } from 'kysely'
import type { Database, Instant } from '../schema.ts'

const own = '{{asset.folder}}/transfer/{{person.id}}'
const step = (name: string, ...argv: string[]) => ({ name, executor: 'command', argv, timeLimit: 30 })

/** Both prove what they have done, and do no harm when it is done already. */
export const transferFolderRunbooks = {
  grant: {
    name: 'Make a transfer folder',
    description: 'Makes the person’s folder on the environment.',
    definition: {
      steps: [
        step('Make the folder', 'mkdir', '-p', '-m', '0700', own),
        step('Prove that it is there', 'test', '-d', own),
      ],
      safeToRepeat: true,
    },
  },
  removal: {
    name: 'Remove a transfer folder',
    description: 'Removes the person’s folder on the environment, with all that is in it.',
    definition: {
      steps: [
        step('Remove the folder', 'rm', '-rf', '--', own),
        step('Prove that it is gone', 'test', '!', '-e', own),
      ],
      safeToRepeat: true,
    },
  },
} as const

type DemoAccessRunbook = (typeof transferFolderRunbooks)[keyof typeof transferFolderRunbooks]

/** An access type as an operator would define it: runbooks grant and remove it. */
export async function addTransferFolderType(
  db: Kysely<Database>,
  now: Instant,
  addRunbook: (db: Kysely<Database>, runbook: DemoAccessRunbook, now: Instant) => Promise<number>,
): Promise<void> {
  const id = 'transfer-folder'
  const known = await db.selectFrom('access_types').select('id').where('id', '=', id).executeTakeFirst()
  if (known) return
  await db
    .insertInto('access_types')
    .values({
      id,
      name: 'Transfer Folder',
      description: 'A folder of your own on the environment, for files in and out',
      aliases: JSON.stringify(['File Transfer']),
      kind: 'runbook',
      scope: 'asset',
      grant_runbook_id: await addRunbook(db, transferFolderRunbooks.grant, now),
      removal_runbook_id: await addRunbook(db, transferFolderRunbooks.removal, now),
      sort: 100,
      created_at: now,
    })
    .execute()
}
