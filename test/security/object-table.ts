import type { Fields } from '../support/agent.ts'
import type { Kind, Target } from '../support/tenancy-world.ts'

/** What one may not see is not there; what one sees and may not do is not allowed. */
export type Word = 'there' | 'not allowed' | 'not there'
export type Relation = 'own' | 'same customer' | 'shared' | 'another customer'

/** Of one's own, of one's own customer, of another customer; of persons with both customers, where it differs. */
type ByRelation = readonly [own: Word, same: Word, another: Word, shared?: Word]
export interface Words {
  STD_USER: ByRelation
  MANAGER: ByRelation
  OPERATOR: ByRelation
}

const there = 'there'
const refused = 'not allowed'
const gone = 'not there'

export const wordFor = (words: Words, role: keyof Words, relation: Relation): Word => {
  const [own, same, another, shared = same] = words[role]
  return { own, 'same customer': same, shared, 'another customer': another }[relation]
}

/** What another customer has, as a form would name it. */
export interface Foreign {
  customer: string
  asset: string
  /** Undecided. */
  access: number
  manager: string
}

interface ObjectEntry {
  what: Kind
  words: Words
  /** Of its acts, where they are others than of the page; null: not walked. */
  post?: Words | null
  /** Other parameters of the address, with the words for each value. */
  each?: { param: string; words: Readonly<Record<string, Words>> }
  /** What is sent, with objects of another customer in it. */
  fields?: (target: Target, foreign: Foreign) => Fields
  /** Lasts as long as it is looked at: only those who may not are walked. */
  lasting?: true
  /** Ends the session, or what is walked after it: last. */
  last?: true
}
interface PlainEntry {
  /** Its parameters name no object. */
  values: readonly string[]
  /** Of its acts, where a role finds them not. */
  post?: Readonly<Partial<Record<keyof Words, Word>>>
}
export type Entry = ObjectEntry | PlainEntry

const all = { STD_USER: [there, there, there], MANAGER: [there, there, there] } as const
const operator = { OPERATOR: [there, there, there] } as const

/** Environments and service requests: everybody with the customer in their list. */
const ofCustomers: Words = {
  STD_USER: [there, there, gone],
  MANAGER: [there, there, gone],
  ...operator,
}
/** Persons: oneself, those of the customer one manages, all. */
const ofPersons: Words = {
  STD_USER: [there, gone, gone],
  MANAGER: [there, there, gone],
  ...operator,
}
const operatorsOnly: Words = {
  STD_USER: [gone, gone, gone],
  MANAGER: [gone, gone, gone],
  ...operator,
}
const nobody: Words = { ...operatorsOnly, OPERATOR: [gone, gone, gone] }
/** The tab of one's own record. */
const approvals: Words = {
  STD_USER: [refused, gone, gone],
  MANAGER: [there, refused, gone],
  OPERATOR: [there, refused, refused],
}
const oneself: Words = {
  STD_USER: [there, gone, gone],
  MANAGER: [there, refused, gone],
  OPERATOR: [there, refused, refused],
}

/** Who has the Self-Service Portal access here: the STD_USER, not the MANAGER. */
const withAccess: Words = {
  STD_USER: [there, there, gone],
  MANAGER: [refused, refused, gone],
  ...operator,
}
/** Nobody holds one here. */
const withStorageAccess: Words = {
  STD_USER: [refused, refused, gone],
  MANAGER: [refused, refused, gone],
  ...operator,
}
const ownWithAccess: Words = { ...withAccess, STD_USER: [there, refused, gone] }
const settles: Words = { ...ofCustomers, STD_USER: [refused, refused, gone] }
const closes: Words = {
  STD_USER: [there, refused, gone],
  MANAGER: [there, refused, gone],
  OPERATOR: [there, refused, refused],
}
const notes: Words = { ...ofCustomers, STD_USER: [there, refused, gone] }
const aborts: Words = {
  STD_USER: [refused, refused, gone],
  MANAGER: [refused, refused, gone],
  ...operator,
}

const retries: Words = {
  STD_USER: [refused, gone, gone],
  MANAGER: [refused, refused, gone],
  ...operator,
}

/** Works for whom it was sent to. */
const bound: Words = {
  STD_USER: [there, gone, gone],
  MANAGER: [there, gone, gone],
  OPERATOR: [there, gone, gone],
}
/** Works for whoever has it: it is the key itself. */
const whoeverHasIt: Words = { ...all, ...operator }

const proof: Words = {
  STD_USER: [refused, refused, refused],
  MANAGER: [there, there, gone],
  ...operator,
}

const stolenPerson = (_: Target, foreign: Foreign): Fields => ({
  version: '1',
  first_name: 'Mallory',
  last_name: 'Mallory',
  display_name: 'Mallory',
  primary_email: 'mallory@example.com',
  role: 'STD_USER',
  managing_customer_id: foreign.customer,
  remove: foreign.customer,
})
const staged = (_: Target, { asset, access }: Foreign): Fields => ({
  do: 'save',
  assets_1_asset: asset,
  accesses_1_on: asset,
  accesses_1_type: 'Self-Service Portal',
  accesses_1_justification: 'Mallory was here',
  [`remove_${access}`]: '1',
  [`justification_${access}`]: 'Mallory was here',
  [`version_${access}`]: '1',
})
const shown = ({ access = 0 }: Target, foreign: Foreign): Fields => ({
  do: `show ${access}`,
  [`show_${access}`]: 'yes',
  [`show_certificate_${access}`]: 'yes',
  [`show_${foreign.access}`]: 'yes',
})
const decided = ({ access = 0 }: Target, foreign: Foreign): Fields =>
  Object.fromEntries(
    [access, foreign.access].flatMap(id => [
      [`version-${id}`, '1'],
      [`disposition-${id}`, 'APPROVED'],
      [`comments-${id}`, 'Mallory was here'],
    ]),
  )
const reason = () => ({ reason: 'Mallory was here', version: '1' })
const requestFields = (_: Target, { asset }: Foreign) => ({
  target_environment: asset,
  requested_action: 'Restart Asset Management Application',
  summary: 'Mallory was here',
  version: '1',
})

const record = '/service-requests/:id{[0-9]+}'
const person = '/security/access-management/:person'

/** Every route whose address names something: what it names, and who finds it there. */
export const objectTable: Readonly<Record<string, Entry>> = {
  '/link/:token': { what: 'mailed link', words: whoeverHasIt, post: null },
  '/decision/:token': { what: 'decision link', words: bound, fields: decided },
  '/help/:slug': { values: ['submitting-a-service-request', 'access-re-validation'] },
  '/favorites/:page': { values: ['assets', 'service-requests'] },
  '/notices/:id': { what: 'notice', words: ofCustomers },

  '/service-requests/select/:field': { values: ['target_environment', 'requested_action'] },
  [record]: { what: 'service request', words: ofCustomers, post: ownWithAccess, fields: requestFields },
  [`${record}/log`]: { what: 'service request', words: ofCustomers },
  [`${record}/log.txt`]: { what: 'service request that has run', words: ofCustomers },
  [`${record}/log/stream`]: { what: 'service request', words: ofCustomers, lasting: true },
  [`${record}/notes`]: {
    what: 'service request',
    words: notes,
    fields: () => ({ summary: 'Mallory was here', details: '' }),
  },
  [`${record}/queue`]: { what: 'service request', words: withAccess },
  [`${record}/abort`]: { what: 'service request', words: ofCustomers, post: aborts, fields: reason },
  [`${record}/:event`]: {
    what: 'service request',
    words: ofCustomers,
    each: {
      param: 'event',
      words: {
        queue: withAccess,
        'take-back': ownWithAccess,
        cancel: ownWithAccess,
        'settle-resolved': settles,
        'settle-failed': settles,
        close: closes,
      },
    },
    fields: reason,
  },

  '/assets/:id': { what: 'asset', words: ofCustomers },
  '/assets/:id/accesses': { what: 'asset', words: ofCustomers },
  '/assets/:id/accesses.csv': { what: 'asset', words: ofCustomers },
  '/assets/:id/files': { what: 'asset', words: withStorageAccess },
  '/assets/:id/files/download': { what: 'asset', words: withStorageAccess },
  '/assets/:id/files/upload': { what: 'asset', words: withStorageAccess },
  '/assets/:id/files/folders': { what: 'asset', words: withStorageAccess },
  '/assets/:id/files/delete': { what: 'asset', words: withStorageAccess },
  '/assets/:id/logs': { what: 'asset', words: withStorageAccess },
  '/assets/:id/logs/download': { what: 'asset', words: withStorageAccess },
  '/assets/:id/logs/delete': { what: 'asset', words: withStorageAccess },

  [person]: { what: 'person', words: ofPersons, fields: stolenPerson },
  [`${person}/customers.csv`]: { what: 'person', words: ofPersons },
  [`${person}/remove-customer`]: {
    what: 'person',
    words: ofPersons,
    post: {
      // A customer they don't manage is asked for.
      STD_USER: [refused, gone, gone],
      MANAGER: [refused, refused, gone],
      ...operator,
    },
    fields: (_, { customer }) => ({ act: `ask ${customer}` }),
  },
  [`${person}/sign-in-link`]: {
    what: 'person',
    words: {
      STD_USER: [refused, gone, gone],
      // Of a person whose only customer is theirs.
      MANAGER: [there, there, gone, refused],
      ...operator,
    },
  },
  [`${person}/deactivate`]: { what: 'person', words: oneself, last: true },
  [`${person}/access`]: { what: 'person', words: ofPersons, fields: staged },
  [`${person}/access.csv`]: { what: 'person', words: ofPersons },
  [`${person}/access/discard`]: { what: 'person', words: ofPersons },
  [`${person}/access/select/:field`]: {
    what: 'person',
    words: ofPersons,
    each: { param: 'field', words: { assets_1_asset: ofPersons, accesses_1_type: ofPersons } },
    fields: staged,
  },
  [`${person}/access/re-validate`]: {
    what: 'part of a re-validation',
    words: oneself,
    fields: ({ part }) => ({ part: String(part) }),
  },
  [`${person}/access/:id/remove`]: { what: 'database account', words: ofPersons },
  [`${person}/access/:id/:event`]: {
    what: 'access',
    words: ofPersons,
    each: { param: 'event', words: { remove: ofPersons, withdraw: ofPersons, retry: retries } },
  },
  // Password and certificate are their owner's alone; what was generated nobody sees who resets it.
  [`${person}/access/:id/show`]: { what: 'database account', words: ofPersons, post: oneself, fields: shown },
  [`${person}/access/:id/transfer`]: { what: 'database account', words: ofPersons },
  [`${person}/access/:id/withdraw-transfer`]: { what: 'database account', words: ofPersons },
  [`${person}/access/:id/reset-password`]: { what: 'database account', words: ofPersons },
  [`${person}/access/:id/cancel-reset`]: { what: 'database account', words: ofPersons },
  // Among the decisions is one about a request of another customer: none of them is there.
  [`${person}/approvals`]: {
    what: 'person',
    words: approvals,
    post: { ...approvals, MANAGER: [gone, refused, gone] },
    fields: decided,
  },
  [`${person}/approvals.csv`]: { what: 'person', words: approvals },
  // Managers add persons to the customer they manage, and choose none.
  '/security/access-management/new/select/:field': { values: ['customer_id'], post: { MANAGER: gone } },
  '/security/re-validation/:id/proof.csv': { what: 'campaign', words: proof },

  '/admin/customers/:id': { what: 'customer', words: operatorsOnly },
  '/admin/customers/:id/accesses': { what: 'customer', words: operatorsOnly },
  '/admin/customers/:id/accesses.csv': { what: 'customer', words: operatorsOnly },
  '/admin/assets/:id': { what: 'asset', words: operatorsOnly },
  '/admin/assets/:id/actions': { what: 'asset', words: operatorsOnly },
  '/admin/assets/:id/storage': { what: 'asset', words: operatorsOnly },
  '/admin/assets/:id/retire': { what: 'asset', words: operatorsOnly },
  '/admin/assets/:id/move': { what: 'asset', words: operatorsOnly },
  '/admin/actions/:id': { what: 'action', words: operatorsOnly },
  '/admin/actions/:id/withdraw': { what: 'action', words: operatorsOnly },
  '/admin/actions/:id/offer': { what: 'action', words: operatorsOnly },
  '/admin/runbooks/:id': { what: 'runbook', words: operatorsOnly },
  '/admin/runbooks/:id/versions': { what: 'runbook', words: operatorsOnly },
  '/admin/runbooks/:id/dry-run': { what: 'runbook', words: operatorsOnly },
  '/admin/runbooks/:id/retire': { what: 'runbook', words: operatorsOnly },
  '/admin/runbooks/:id/use': { what: 'runbook', words: operatorsOnly },
  '/admin/access-types/:id': { what: 'access type', words: operatorsOnly },
  '/admin/access-types/:id/withdraw': { what: 'access type', words: operatorsOnly },
  '/admin/access-types/:id/offer': { what: 'access type', words: operatorsOnly },
  '/admin/drift/:id': { what: 'drift finding', words: operatorsOnly },
  '/admin/drift/:id/adopt': { what: 'drift finding', words: operatorsOnly },
  '/admin/drift/:id/:event': {
    what: 'drift finding',
    words: operatorsOnly,
    each: { param: 'event', words: { disable: operatorsOnly, drop: operatorsOnly, remove: operatorsOnly } },
  },
  '/admin/database-servers/:id': { what: 'database server', words: operatorsOnly },
  '/admin/database-servers/:id/check': { what: 'database server', words: operatorsOnly },
  '/admin/database-servers/:id/retire': { what: 'database server', words: operatorsOnly },
  '/admin/database-servers/:id/use': { what: 'database server', words: operatorsOnly },
  '/admin/assets/:id/database': { what: 'asset', words: operatorsOnly },
  '/admin/persons/:id': { what: 'person', words: operatorsOnly, fields: stolenPerson },
  '/admin/persons/:id/history': { what: 'person', words: operatorsOnly },
  '/admin/persons/:id/deactivate': { what: 'person', words: operatorsOnly },
  '/admin/persons/:id/reactivate': { what: 'person', words: operatorsOnly },
  '/admin/persons/:id/sign-in-link': { what: 'person', words: operatorsOnly },
  '/admin/notices/:id': { what: 'notice', words: operatorsOnly },
  '/admin/notices/:id/remove': { what: 'notice', words: operatorsOnly },
  '/admin/mail/:id': { what: 'mail', words: operatorsOnly },
  '/admin/mail/:id/resend': { what: 'mail', words: operatorsOnly },
  '/admin/campaigns/:id': { what: 'campaign', words: operatorsOnly },
  '/admin/campaigns/:id/proof': { what: 'campaign', words: operatorsOnly },
  '/admin/campaigns/:id/proof.csv': { what: 'campaign', words: operatorsOnly },
  '/admin/campaigns/:id/close': { what: 'campaign', words: operatorsOnly },
  '/admin/jobs/:id/retry': { what: 'job', words: operatorsOnly },
  '/admin/accesses/:id/log': { what: 'access', words: operatorsOnly },
  '/admin/accesses/:id/log/:attempt': { what: 'access run', words: operatorsOnly },
  '/admin/accesses/:id/log/:attempt/log.txt': { what: 'access run', words: operatorsOnly },
}

/** Walked once more with an object of somebody else under this person's address: it is there for nobody. */
export const mismatched: Readonly<Record<string, ObjectEntry>> = {
  [`${person}/access/:id/remove`]: { what: 'database account under another person', words: nobody },
  [`${person}/access/:id/:event`]: {
    what: 'access under another person',
    words: nobody,
    each: { param: 'event', words: { remove: nobody, withdraw: nobody, retry: nobody } },
  },
  [`${person}/access/:id/show`]: {
    what: 'database account under another person',
    words: nobody,
    fields: shown,
  },
  [`${person}/access/:id/transfer`]: { what: 'database account under another person', words: nobody },
  [`${person}/access/:id/withdraw-transfer`]: {
    what: 'database account under another person',
    words: nobody,
  },
  [`${person}/access/:id/reset-password`]: { what: 'database account under another person', words: nobody },
  [`${person}/access/:id/cancel-reset`]: { what: 'database account under another person', words: nobody },
}

/** Routes without an object that a role sees and may not use. */
export const notForRole: Readonly<Record<string, keyof Words>> = {
  '/security/access-management/new': 'STD_USER',
  '/security/access-management/new/form': 'STD_USER',
  '/security/access-management/new/question': 'STD_USER',
  '/security/access-management/new/grant': 'STD_USER',
  '/security/access-management/new/select/:field': 'STD_USER',
  '/security/re-validation': 'STD_USER',
}
