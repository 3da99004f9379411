import type { Instant, Row } from '../../db/schema.ts'
import type { AccessMail } from '../../views/emails/access-request.ts'
import type { MailText } from '../../views/emails/service-request.ts'
import type { Deps, Tx } from '../deps.ts'
import { enqueueMail } from '../mail/outbox.ts'
import { paths } from '../paths.ts'
import { startWords } from '../service-requests/requested-start.ts'
import type { Access } from './change-access.ts'

export type MailDeps = Pick<Deps, 'clock' | 'config'>
export type Reader = Pick<Row<'persons'>, 'id' | 'display_name' | 'primary_email' | 'time_zone'>
/** A time in words of the reader's zone. */
export type TimeWords = (at: Instant) => string
export type WriteMail = (about: AccessMail, when: TimeWords) => MailText

/** Mails who requested an access and who it is for, each once, as long as they are ACTIVE. */
export async function mailParties(
  tx: Tx,
  deps: MailDeps,
  access: Access,
  template: string,
  write: (about: AccessMail, reader: 'requester' | 'beneficiary') => MailText,
): Promise<void> {
  const readers = await tx
    .selectFrom('persons')
    .select(['id', 'display_name', 'primary_email', 'time_zone'])
    .where(
      'id',
      'in',
      [access.person_id, access.requested_by].filter(id => id !== null),
    )
    .where('status', '=', 'ACTIVE')
    .orderBy('id')
    .execute()
  const address = paths.manageAccess(access.person_id, { asset: access.asset_id })
  for (const reader of readers) {
    const role = reader.id === access.requested_by ? 'requester' : 'beneficiary'
    await mailAboutAccess(tx, deps, access, { reader, template, address, write: about => write(about, role) })
  }
}

interface AboutAccess {
  reader: Reader
  /** File name under views/emails. */
  template: string
  /** Path of the page that shows it to the reader. */
  address: string
  write: WriteMail
  /** Single-use link, for `{{link}}`. */
  link?: string
}

export async function mailAboutAccess(
  tx: Tx,
  deps: MailDeps,
  access: Access,
  { reader, template, address, write, link }: AboutAccess,
): Promise<void> {
  const when: TimeWords = at => startWords(at, reader.time_zone ?? 'UTC')
  const facts = await factsOf(tx, access, when)
  const about = { ...facts, name: reader.display_name, address: `${deps.config.PUBLIC_URL}${address}` }
  await enqueueMail(tx, deps, {
    ...write(about, when),
    toAddress: reader.primary_email,
    toPerson: reader.id,
    template,
    about: { type: 'access', id: access.id },
    ...(link !== undefined && { link }),
  })
}

async function factsOf(
  tx: Tx,
  access: Access,
  when: TimeWords,
): Promise<Omit<AccessMail, 'name' | 'address'>> {
  const row = await tx
    .selectFrom('accesses')
    .innerJoin('persons', 'persons.id', 'accesses.person_id')
    .innerJoin('assets', 'assets.id', 'accesses.asset_id')
    .innerJoin('access_types', 'access_types.id', 'accesses.access_type')
    .leftJoin('persons as requesters', 'requesters.id', 'accesses.requested_by')
    .leftJoin('persons as editors', 'editors.id', 'accesses.edited_by')
    .leftJoin('accesses as formers', 'formers.id', 'accesses.transfer_of')
    .leftJoin('persons as owners', 'owners.id', 'formers.person_id')
    .leftJoin('database_accounts', 'database_accounts.access_id', 'accesses.id')
    .where('accesses.id', '=', access.id)
    .select([
      'persons.display_name as user',
      'assets.description',
      'access_types.name as type',
      'requesters.display_name as requester',
      'requesters.role as requester_role',
      'editors.display_name as editor',
      'editors.role as editor_role',
      'formers.person_id as transfer_from',
      'owners.display_name as transfer_from_name',
      'database_accounts.mark',
    ])
    .orderBy('database_accounts.id', 'desc')
    .executeTakeFirstOrThrow()
  const editor = personWords(access.edited_by, row.editor, row.editor_role)
  return {
    user: `${row.user} (${access.person_id})`,
    userId: access.person_id,
    asset: access.asset_id,
    description: row.description,
    type: row.type,
    account: access.database_account,
    transferFrom: row.transfer_from && `${row.transfer_from_name} (${row.transfer_from})`,
    // The mark is the access it was made for.
    takenOver: row.mark !== null && row.mark !== access.id,
    justification: access.justification,
    requestedBy: personWords(access.requested_by, row.requester, row.requester_role),
    requestedAt: when(access.created_at),
    changed: access.edited_at && `${editor}, ${when(access.edited_at)}`,
    endsOn: access.ends_on,
  }
}

/** "User 02 (USER02)"; operators are no persons to customers. */
export function personWords(
  id: string | null,
  name: string | null,
  role: Row<'persons'>['role'] | null,
): string {
  if (id === null || name === null) return 'the portal'
  return role === 'OPERATOR' ? 'operator' : `${name} (${id})`
}
