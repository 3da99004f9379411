import type { Kysely } from 'kysely'
import type { AssetClass, Database, Instant, Role } from '../schema.ts'
import { mainApplication } from './actions.ts'

export interface CastPerson {
  id: string
  role: Role
  first: string
  last: string
  /** Of the Customer Access List; a manager manages it. */
  customer: string | null
}

/** Everybody of the demo and of the tests. The Login ID is the code in lower case, at example.com. */
export const castPersons = [
  { id: 'OPERATOR01', role: 'OPERATOR', first: 'Operator', last: '01', customer: null },
  { id: 'MANAGER01', role: 'MANAGER', first: 'Manager', last: '01', customer: '10000' },
  { id: 'MANAGER02', role: 'MANAGER', first: 'Manager', last: '02', customer: '10000' },
  { id: 'USER01', role: 'STD_USER', first: 'User', last: '01', customer: '10000' },
  { id: 'USER02', role: 'STD_USER', first: 'User', last: '02', customer: '10000' },
  { id: 'MANAGER03', role: 'MANAGER', first: 'Manager', last: '03', customer: '20000' },
  { id: 'USER03', role: 'STD_USER', first: 'User', last: '03', customer: '20000' },
] as const satisfies readonly CastPerson[]

export type CastPersonId = (typeof castPersons)[number]['id']

export const castLoginId = (person: CastPersonId) =>
  person === 'OPERATOR01' ? 'operator@example.com' : `${person.toLowerCase()}@example.com`

const customers = [
  { id: '10000', name: 'Harbour Logistics' },
  { id: '20000', name: 'Meadow Foods' },
]

interface CastAsset {
  id: string
  customer: string
  class: AssetClass
  description: string
}

const assets: readonly CastAsset[] = [
  { id: '10000-DEV', customer: '10000', class: 'NON_PRODUCTION', description: 'Development environment' },
  { id: '10000-TST', customer: '10000', class: 'NON_PRODUCTION', description: 'Test environment' },
  { id: '10000-PRD', customer: '10000', class: 'PRODUCTION', description: 'Production environment' },
  { id: '20000-DEV', customer: '20000', class: 'NON_PRODUCTION', description: 'Development environment' },
]

const portalAccesses = [
  { person: 'USER01', asset: '10000-DEV', customer: '10000' },
  { person: 'USER03', asset: '20000-DEV', customer: '20000' },
]

export interface CastOptions {
  now: Instant
  /** The hash to sign in with, made by the caller. */
  passwordHash(person: CastPersonId): string | null | Promise<string | null>
}

/** Adds what is missing of the cast and changes nothing that is there. */
export async function seedCast(db: Kysely<Database>, options: CastOptions): Promise<void> {
  await addCustomers(db, options.now)
  await addAssets(db, options.now)
  for (const person of castPersons) await addPerson(db, person, options)
  await addPortalAccesses(db, options.now)
}

async function addCustomers(db: Kysely<Database>, now: Instant) {
  await db
    .insertInto('customers')
    .values(customers.map(customer => ({ ...customer, created_at: now })))
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

async function addAssets(db: Kysely<Database>, now: Instant) {
  await db
    .insertInto('assets')
    .values(
      assets.map(asset => ({
        id: asset.id,
        customer_id: asset.customer,
        description: asset.description,
        class: asset.class,
        product: mainApplication,
        time_zone: 'UTC',
        search_text: `${asset.id} ${asset.description} ${mainApplication}`.toLowerCase(),
        created_at: now,
      })),
    )
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

async function addPerson(
  db: Kysely<Database>,
  person: (typeof castPersons)[number],
  { now, passwordHash }: CastOptions,
) {
  const login = castLoginId(person.id)
  const name = `${person.first} ${person.last}`
  const added = await db
    .insertInto('persons')
    .values({
      id: person.id,
      login_id: login,
      login_key: login,
      first_name: person.first,
      last_name: person.last,
      display_name: name,
      primary_email: login,
      role: person.role,
      status: 'ACTIVE',
      managing_customer_id: person.role === 'MANAGER' ? person.customer : null,
      password_hash: await passwordHash(person.id),
      password_changed_at: now,
      search_text: `${login} ${name} ${person.id}`.toLowerCase(),
      created_at: now,
    })
    .onConflict(conflict => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (added && person.customer) await listCustomer(db, person.id, person.customer, now)
}

async function listCustomer(db: Kysely<Database>, person: string, customer: string, now: Instant) {
  await db
    .insertInto('customer_access')
    .values({ person_id: person, customer_id: customer, created_at: now })
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

/** Only where the person never had one: a removed access stays removed. */
async function addPortalAccesses(db: Kysely<Database>, now: Instant) {
  for (const { person, asset, customer } of portalAccesses) {
    const had = await db
      .selectFrom('accesses')
      .select('id')
      .where('person_id', '=', person)
      .where('asset_id', '=', asset)
      .executeTakeFirst()
    if (had) continue
    await db
      .insertInto('accesses')
      .values({
        person_id: person,
        asset_id: asset,
        customer_id: customer,
        access_type: 'self-service-portal',
        status: 'APPROVED',
        justification: 'Looks after this environment.',
        created_at: now,
        granted_at: now,
      })
      .execute()
  }
}
