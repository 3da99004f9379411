import { hbaLines } from './hba.ts'

/** What every server needs first: nobody gets into a database by being there. */
const closed = [
  'grant connect on database postgres to gatehouse;',
  'revoke connect on database postgres, template1 from public;',
]

/** What the portal's account on a server needs, by PostgreSQL's version; for the help page. `owner` owns the database and its tables. */
export const leastRights: readonly { versions: string; statements: readonly string[]; why: string }[] = [
  {
    versions: '14 and 15',
    statements: [
      `create role gatehouse login createrole password '…';`,
      'grant pg_signal_backend to gatehouse;',
      'grant "owner" to gatehouse;',
      ...closed,
    ],
    why: 'Up to version 15, CREATEROLE lets it change every role that is no superuser: give the server to the portal’s environments alone.',
  },
  {
    versions: '16 to 18',
    statements: [
      `create role gatehouse login createrole password '…';`,
      'grant pg_signal_backend to gatehouse;',
      'grant "owner" to gatehouse with inherit true, set true;',
      ...closed,
    ],
    why: 'From version 16 on, CREATEROLE reaches only the roles that it has made itself.',
  },
]

/** In every database that was made up to version 14: what a new one has from version 15 on. */
export const schemaPublic = [
  'alter schema public owner to pg_database_owner;',
  'revoke create on schema public from public;',
]

/** Read-only accounts of production: on the primary, before every other line; on the standby they must not stand. */
export const standbyOnlyRule = {
  lines: hbaLines('gatehouse'),
  afterFailover:
    'The lines belong to the primary. After a failover they have to be put into pg_hba.conf of the new primary and taken out of that of the new standby, before accounts are given back.',
}
