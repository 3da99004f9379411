import type { Generated, Insertable, Selectable } from 'kysely'

/** ISO 8601 in UTC with milliseconds and `Z`, always 24 characters, so that text order is time order. */
export type Instant = string
/** 0 or 1: better-sqlite3 binds no booleans. */
export type Flag = 0 | 1
/** JSON kept as text on both engines; parsed by the owning domain. */
export type JsonText = string

export type Role = 'OPERATOR' | 'MANAGER' | 'STD_USER'
export type PersonStatus = 'PENDING CREATE' | 'ACTIVE' | 'INACTIVE'
export type AccessStatus =
  | 'PROCESSING'
  | 'APPROVED'
  | 'SUSPENDED'
  | 'PENDING REMOVAL'
  | 'REJECTED'
  | 'REMOVED'
/** How an access is granted: by the portal itself, by the access type's runbooks, or as an account on a database server. */
export type AccessKind =
  | 'portal'
  | 'communications'
  | 'runbook'
  | 'database-service'
  | 'database-user'
  | 'files'
  | 'logs'
export type AssetClass = 'NON_PRODUCTION' | 'PRODUCTION'
/** What a runbook does about an access: a suspension is a removal, its end a grant. */
export type RunPurpose = 'grant' | 'removal'
export type RequestStatus =
  | 'NEW'
  | 'PENDING'
  | 'QUEUED'
  | 'INPROG'
  | 'RESOLVED'
  | 'FAILED'
  | 'UNKNOWN'
  | 'MISSED'
  | 'CANCELLED'
  | 'CLOSED'
/** exclusive: one at a time per asset. read-only: beside anything. */
export type ActionMode = 'exclusive' | 'read-only'

export interface CustomersTable {
  id: string
  name: string
  /** Shown as information; gives no rights. */
  parent_id: string | null
  status: Generated<'ACTIVE' | 'INACTIVE'>
  created_at: Instant
}

export interface PersonsTable {
  /** Person code such as USER01; never changes. */
  id: string
  /** As typed by the operator. */
  login_id: string
  /** Normal form of login_id (people/login-id.ts): what sign-in and uniqueness compare. */
  login_key: string
  first_name: string
  last_name: string
  display_name: string
  primary_email: string
  role: Role
  status: PersonStatus
  /** Managers only, exactly one. */
  managing_customer_id: string | null
  /** IANA name; null means UTC. */
  time_zone: string | null
  theme: Generated<'system' | 'light' | 'dark'>
  shortcuts: Generated<Flag>
  /** Mail kinds switched off, JSON array of template names. */
  muted_mails: Generated<JsonText>
  /** PHC string; null until the first sign-in link was used. */
  password_hash: string | null
  password_changed_at: Instant | null
  /** Folded login ID, names and code for substring search. */
  search_text: string
  created_at: Instant
  /** Grows with every change by somebody else's hand; a form sends the one it was drawn with. */
  version: Generated<number>
}

export interface CustomerAccessTable {
  person_id: string
  customer_id: string
  created_at: Instant
}

export interface AssetsTable {
  id: string
  customer_id: string
  description: string
  class: AssetClass
  product: string
  time_zone: string
  status: Generated<'ACTIVE' | 'RETIRED'>
  /** Where people open the application; shown as a link. */
  application_url: string | null
  /** Probed for availability by the record page's health step. */
  health_url: string | null
  /** Values for {{asset.NAME}} in runbooks; JSON object of strings. */
  variables: Generated<JsonText>
  search_text: string
  created_at: Instant
}

/** What an asset's health address answered last. No row: not asked yet, or it has no address. */
export interface AssetHealthTable {
  asset_id: string
  state: 'up' | 'down'
  /** In words: "answers 200". */
  answer: string
  /** When the state was first seen. */
  since: Instant
  checked_at: Instant
}

/** What may be requested. `fields` is JSON: ActionField[] (service-requests/action-fields.ts). */
export interface ActionsTable {
  id: string
  name: string
  description: string
  /** Other spellings accepted in lookups; JSON array. */
  aliases: Generated<JsonText>
  mode: ActionMode
  /** no: never on production. per-asset: off unless the asset's row allows it. yes: always. */
  production: 'no' | 'per-asset' | 'yes'
  /** Products it is offered for; JSON array, empty = any. */
  products: Generated<JsonText>
  fields: Generated<JsonText>
  status: Generated<'ACTIVE' | 'WITHDRAWN'>
  sort: Generated<number>
}

export interface RunbooksTable {
  id: Generated<number>
  name: string
  description: Generated<string>
  status: Generated<'ACTIVE' | 'RETIRED'>
  created_at: Instant
}

export interface RunbookVersionsTable {
  id: Generated<number>
  runbook_id: number
  version: number
  /** JSON: RunbookDefinition (automation/runbook.ts). */
  definition: JsonText
  created_by: string | null
  created_at: Instant
}

/** Which runbook performs an action on an asset. No row: the action is not offered there. */
export interface AssetActionsTable {
  asset_id: string
  action_id: string
  runbook_id: number
  /** For actions whose production rule is per-asset. */
  production_allowed: Generated<Flag>
}

/** What can be requested on an asset. */
export interface AccessTypesTable {
  id: string
  name: string
  description: string
  /** Other spellings accepted in lookups; JSON array. */
  aliases: Generated<JsonText>
  kind: AccessKind
  /** customer: one access covers all assets of the asset's customer. */
  scope: 'asset' | 'customer'
  /** Has to be confirmed when it is requested; `{{asset}}` stands for the asset. Empty: nothing to confirm. */
  warning: Generated<string>
  classes: Generated<'any' | AssetClass>
  /** Products it is offered for; JSON array, empty = any. */
  products: Generated<JsonText>
  /** kind runbook only: both. */
  grant_runbook_id: number | null
  removal_runbook_id: number | null
  status: Generated<'ACTIVE' | 'WITHDRAWN'>
  sort: Generated<number>
  created_at: Instant
}

/** One person, one asset, one access type. */
export interface AccessesTable {
  id: Generated<number>
  person_id: string
  asset_id: string
  /** Of the asset when it was requested; who decides about it. */
  customer_id: string
  access_type: string
  status: AccessStatus
  /** What the background work on it is at: 'PROVISIONING', 'FAILED: reason' …; null: nothing is under way. */
  pending_status: string | null
  justification: string
  /** null: by the set-up. */
  requested_by: string | null
  created_at: Instant
  /** Who changed the Justification last, and when. */
  edited_by: string | null
  edited_at: Instant | null
  /** Last day it is needed, 'YYYY-MM-DD' in the asset's time zone; null = no end. */
  ends_on: string | null
  /** The end of that day. */
  ends_at: Instant | null
  /** When its person was told that it ends soon. */
  ending_mailed_at: Instant | null
  /** While nobody has decided: what was done about it, when. */
  reminded_at: Instant | null
  stand_in_at: Instant | null
  /** Operators may decide since then. */
  escalated_at: Instant | null
  decision: 'APPROVED' | 'REJECTED' | null
  /** null with a decision: the portal itself, such as at expiry. */
  decided_by: string | null
  decided_at: Instant | null
  reviewer_comments: Generated<string>
  /** kind runbook: what grants it, frozen when it was approved. */
  runbook_version_id: number | null
  /** How often the present background work has failed. */
  attempts: Generated<number>
  granted_at: Instant | null
  suspended_at: Instant | null
  removal_at: Instant | null
  removal_by: string | null
  removed_at: Instant | null
  /** Why REJECTED, SUSPENDED, PENDING REMOVAL or REMOVED, in words. */
  reason: Generated<string>
  /** Grows with every change; a decision names the one it was shown. */
  version: Generated<number>
  /** Database accounts only: its name, and the server it is on. */
  database_account: string | null
  database_server_id: number | null
  /** While it asks for a service account of somebody else: the access that has it. */
  transfer_of: number | null
}

/** Changes to Manage Access that were staged and not saved. */
export interface AccessDraftsTable {
  actor_id: string
  person_id: string
  /** The form's fields; JSON object of strings. */
  fields: JsonText
  updated_at: Instant
}

/** A manager is away; a manager of the same customer stands in. */
export interface AbsencesTable {
  id: Generated<number>
  person_id: string
  stand_in_id: string
  from_at: Instant
  until_at: Instant
  created_at: Instant
  ended_at: Instant | null
}

/** A re-validation of the continued business need (CBN). */
export interface CampaignsTable {
  id: Generated<number>
  name: string
  /** null = all customers. */
  customer_id: string | null
  state: 'PREPARING' | 'OPEN' | 'CLOSED'
  /** null: by itself, a year after the last one. */
  started_by: string | null
  /** Accesses granted later are out of it. */
  started_at: Instant
  /** The deadline for answers. */
  due_at: Instant
  /** When unanswered accesses are suspended, and removed; null = never. */
  suspend_at: Instant | null
  remove_at: Instant | null
  /** Persons up to this code are prepared. */
  prepared_to: Generated<string>
  persons: Generated<number>
  parts: Generated<number>
  closed_at: Instant | null
}

/** What one person has to confirm for one customer. */
export interface CampaignPartsTable {
  id: Generated<number>
  campaign_id: number
  person_id: string
  customer_id: string
  /** ENDED: nothing was left to confirm. */
  state: 'OPEN' | 'CONFIRMED' | 'ENDED' | 'SUSPENDED' | 'REMOVED'
  /** The last reminder sent, in days before the deadline: 14, 7 or 1. */
  reminded: number | null
  escalated_at: Instant | null
  suspended_at: Instant | null
  confirmed_at: Instant | null
  closed_at: Instant | null
}

/** One access of a part, and what became of it. */
export interface CampaignItemsTable {
  part_id: number
  access_id: number
  outcome: 'OPEN' | 'CONFIRMED' | 'SUSPENDED' | 'REMOVED'
  decided_by: string | null
  decided_at: Instant | null
}

export interface ServiceRequestsTable {
  id: Generated<number>
  customer_id: string
  asset_id: string
  action_id: string
  /** Names as they were when saved, so that lists need no joins and history keeps its words. */
  action_name: string
  mode: ActionMode
  summary: string
  /** summary folded for substring search. */
  summary_key: string
  reported_by: string
  reported_by_name: string
  /** reported_by, its login ID and names, folded for search. */
  reporter_key: string
  reported_at: Instant
  /** 'YYYY-MM-DDTHH:MM' as typed; null = as soon as possible. */
  requested_wall: string | null
  requested_zone: string | null
  /** Offset in minutes chosen when the wall time was ambiguous; null otherwise. */
  requested_offset: number | null
  requested_start: Instant | null
  status: RequestStatus
  /** The action's own fields; JSON object of strings. */
  fields: Generated<JsonText>
  /** Frozen at Queue Request. */
  runbook_version_id: number | null
  queued_at: Instant | null
  queued_by: string | null
  /** requested_start, else queued_at: the order of the queue. */
  due_at: Instant | null
  /** 1 while INPROG or UNKNOWN and exclusive: unique per asset. */
  holds_lock: Generated<Flag>
  actual_start: Instant | null
  actual_finish: Instant | null
  /** The present step, shown as Automation Job Status. */
  job_status: Generated<string>
  /** Why MISSED, FAILED, UNKNOWN, settled… in words. */
  reason: Generated<string>
  warned_at: Instant | null
  closed_at: Instant | null
  copied_from: number | null
  /** Given by the form: a second submit of the same form finds the first one's row. */
  form_key: string
  /** Grows with every change; a form sends the one it was drawn with. */
  version: Generated<number>
}

export interface WorkLogTable {
  id: Generated<number>
  request_id: number
  class: Generated<string>
  type: Generated<string>
  created_by: string | null
  created_by_name: string
  created_at: Instant
  summary: string
  details: Generated<string>
  /** 0: operators only. */
  viewable: Generated<Flag>
}

/** One attempt to run a service request, or a runbook of an access. Unique (request_id, attempt), (access_id, attempt). */
export interface RunsTable {
  id: Generated<number>
  /** Exactly one of the two. */
  request_id: number | null
  access_id: number | null
  /** Of an access: what it does about it, and by which version of which runbook; null for a service request. */
  purpose: RunPurpose | null
  runbook_version_id: number | null
  attempt: number
  state: 'running' | 'succeeded' | 'failed' | 'unknown' | 'aborted'
  /** Worker that runs it and the job lease's fencing token it holds. */
  worker_id: string
  host: string
  fence: number
  /** What is filled into all its steps, whoever goes on with it; JSON: PlanValues (automation/template.ts). */
  plan_values: Generated<JsonText>
  /** Set by a worker that stops and leaves the program running, to be adopted. */
  released: Generated<Flag>
  abort_by: string | null
  abort_reason: string | null
  started_at: Instant
  finished_at: Instant | null
  /** Log accounting: lines and bytes ever written, and what the limit left out. */
  log_lines: Generated<number>
  log_bytes: Generated<number>
  omitted_lines: Generated<number>
  omitted_bytes: Generated<number>
}

export interface RunStepsTable {
  id: Generated<number>
  run_id: number
  position: number
  name: string
  executor: string
  /** on-failure steps run only after a failure or an abort. */
  phase: 'main' | 'on-failure'
  state: 'waiting' | 'running' | 'succeeded' | 'failed' | 'skipped' | 'unknown' | 'aborted'
  /** What ran, redacted. */
  command: Generated<string>
  /** Committed before the program starts. */
  host: string | null
  boot_id: string | null
  pgid: number | null
  /** Clock ticks since boot, /proc/PID/stat field 22. */
  proc_start: string | null
  spool: string | null
  out_offset: Generated<number>
  err_offset: Generated<number>
  exit_status: number | null
  message: Generated<string>
  started_at: Instant | null
  finished_at: Instant | null
  first_line: number | null
}

/** Log lines of a run, deflated NDJSON, append-only. */
export interface RunLogChunksTable {
  run_id: number
  seq: number
  first_line: number
  last_line: number
  /** Bytes before compression. */
  bytes: number
  /** head: the first 90 % of the limit. tail: the rolling last 10 %. */
  part: 'head' | 'tail'
  data: Uint8Array
}

/** Local programs started by the process executor, known by pid + start time + boot id. */
export interface SupervisedProcessesTable {
  name: string
  host: string
  boot_id: string
  pid: number | null
  proc_start: string | null
  state: 'starting' | 'running' | 'stopped'
  started_at: Instant
}

export interface JobsTable {
  id: Generated<number>
  name: string
  payload: JsonText
  /** At most one open job per key (partial unique index). */
  unique_key: string | null
  state: Generated<'queued' | 'running' | 'done' | 'failed'>
  run_at: Instant
  /** Asked for once more (by its unique key) while it ran: queued again for then as soon as it finishes. */
  again_at: Instant | null
  attempts: Generated<number>
  max_attempts: Generated<number>
  /** Fencing token: grows with every claim. */
  fence: Generated<number>
  /** Who holds it, or held it last. */
  worker_id: string | null
  /** Who held it before the present holder. */
  previous_worker_id: string | null
  lease_until: Instant | null
  last_error: string | null
  created_at: Instant
  finished_at: Instant | null
}

export interface WorkersTable {
  id: string
  host: string
  boot_id: string
  pid: number
  /** /proc/PID/stat field 22: tells a reused pid from ours. */
  proc_start: string
  version: string
  started_at: Instant
  seen_at: Instant
  stopped_at: Instant | null
  /** Fingerprint of the master key that the process was started with. */
  master_key: string | null
}

/** Last time each recurring job was due and run: one row each, claimed by conditional update. */
export interface RecurringTable {
  name: string
  next_at: Instant
  last_at: Instant | null
  last_error: string | null
}

export interface MailsTable {
  id: Generated<number>
  to_address: string
  to_person: string | null
  template: string
  subject: string
  /** `{{link}}` stands for the single-use link, kept apart in `link`. */
  body: string
  /** Wiped as soon as the mail was sent. */
  link: string | null
  subject_type: string | null
  subject_id: string | null
  /** kept: no SMTP server is configured. */
  state: Generated<'queued' | 'sent' | 'failed' | 'kept'>
  attempts: Generated<number>
  last_error: string | null
  message_id: string
  created_at: Instant
  sent_at: Instant | null
}

export interface SessionsTable {
  /** sha256 of the session id, hex. */
  id_hash: string
  person_id: string
  /** lucia's idle expiry, milliseconds since 1970. */
  expires_at: number
  created_at: Instant
  identified_at: Instant
  last_seen_at: Instant
  /** Ended sessions stay a day, to give a form back to the same person. */
  ended_at: Instant | null
  user_agent: string
  address: string
}

/** Mailed single-use links, hashed. */
export interface LinkTokensTable {
  token_hash: string
  /** null: set-up, which makes the first person. */
  person_id: string | null
  purpose: 'first-sign-in' | 'reset' | 'set-up' | 'decision' | 'confirm-email'
  /** decision: the access to decide about. */
  access_id: number | null
  /** confirm-email: the Primary Email that counts once the link was used. */
  new_email: string | null
  /** confirm-email: who asked for it; whether they still may is asked again when the link is used. */
  asked_by: string | null
  expires_at: Instant
  used_at: Instant | null
  created_at: Instant
}

export interface SignInFailuresTable {
  /** 'login:HASH|PREFIX' (of the Login ID as typed) or 'prefix:PREFIX'. */
  bucket: string
  failures: number
  last_at: Instant
  blocked_until: Instant
}

export interface IdentitiesTable {
  issuer: string
  subject: string
  person_id: string
  created_at: Instant
}

/** A form sent after the session ended: given back, unsaved, to the same person only. */
export interface KeptFormsTable {
  id_hash: string
  person_id: string
  path: string
  fields: JsonText
  created_at: Instant
}

export interface AuditEventsTable {
  id: Generated<number>
  at: Instant
  actor_id: string | null
  actor_role: string
  /** 'service-request queued', 'person created', … */
  verb: string
  subject_type: string
  subject_id: string
  customer_id: string | null
  detail: Generated<JsonText>
  http_request_id: string | null
  sealed_seq: number | null
  prev_hash: string | null
  hash: string | null
}

/** Posts of the Bulletin Board. */
export interface NoticesTable {
  id: Generated<number>
  subject: string
  message: string
  /** null = everyone. */
  customer_id: string | null
  posted_at: Instant
  expires_at: Instant | null
  posted_by: string | null
}

export interface NoticeViewsTable {
  notice_id: number
  person_id: string
  viewed_at: Instant
}

/** page = a key of the navigation table. */
export interface FavoritesTable {
  person_id: string
  page: string
  created_at: Instant
}

export interface RecentPagesTable {
  person_id: string
  page: string
  visited_at: Instant
}

export interface SettingsTable {
  name: string
  value: string
}

/** Keys that the vault's secrets are wrapped with; never the keys themselves. */
export interface MasterKeysTable {
  /** Fingerprint. */
  id: string
  /** A known text sealed with it: tells a wrong key. */
  check_value: Uint8Array
  /** The key that took its place; null for the one in use. */
  successor: string | null
  /** The successor itself, sealed with this one: as long as processes go on that were started with this one. */
  successor_sealed: Uint8Array | null
  created_at: Instant
  /** When a process last started with it. */
  used_at: Instant
  /** The process that is putting another in its place, and until when it is believed to be at it. */
  rotating_by: string | null
  rotating_until: Instant | null
  /** When nothing was wrapped with it any more. */
  rewrapped_at: Instant | null
}

export interface SecretsTable {
  /** Random; part of what the ciphertext is bound to. */
  id: string
  /** The record it belongs to, such as `database-account:12`; bound too. */
  bound_to: string
  version: number
  key_id: string
  /** The secret's own key, wrapped with the master key. */
  wrapped_key: Uint8Array
  ciphertext: Uint8Array
  created_at: Instant
}

export type DatabaseEngine = 'postgresql' | 'mariadb' | 'db2' | 'command'

/** Servers on which the portal makes accounts. */
export interface DatabaseServersTable {
  id: Generated<number>
  name: string
  engine: DatabaseEngine
  host: string
  port: number
  /** High availability (HADR): both, or it has none. */
  standby_host: string | null
  standby_port: number | null
  /** The account the portal works with. */
  admin_name: string
  /** `env:NAME` or `file:/path`; else it is in the vault. */
  credential: string | null
  credential_secret_id: string | null
  /** PEM: what its certificate has to be signed by. */
  ca: string | null
  /** sha256 of the server's certificate, hex, where there is no CA. */
  pin: string | null
  standby_pin: string | null
  /** The engine's own options; JSON object. */
  options: Generated<JsonText>
  status: Generated<'ACTIVE' | 'RETIRED'>
  /** Nothing is granted on it until its checks pass again, such as after a promotion. */
  suspended_at: Instant | null
  suspended_why: Generated<string>
  /** What the server said of itself when it was checked last: tells a promotion and a restored backup. */
  identity: string | null
  checked_at: Instant | null
  /** JSON array of CheckLine. */
  check_result: Generated<JsonText>
  /** A check is to be made, and who asked for it; nobody: the portal itself, after a change. */
  check_asked_at: Instant | null
  check_asked_by: string | null
  /** The last look at what it says of itself, and why that failed. */
  looked_at: Instant | null
  look_error: string | null
  /** When its accounts were compared last, and why that failed. */
  drift_at: Instant | null
  drift_error: string | null
  created_at: Instant
  version: Generated<number>
}

/** The database of an asset. */
export interface AssetDatabasesTable {
  asset_id: string
  server_id: number
  database_name: string
  /** Middle of its group roles' names: gatehouse_NAME_rw, gatehouse_NAME_ro. */
  group_name: string
  /** Roles that own its tables; JSON array. */
  owners: Generated<JsonText>
  /** 'HH:MM' in the asset's time zone: when expiring passwords are reset. */
  reset_at: Generated<string>
  created_at: Instant
  version: Generated<number>
}

export type DatabaseAccountState = 'CREATING' | 'READY' | 'LOCKED' | 'UNPROVABLE' | 'REMOVING' | 'GONE'

/** Accounts on database servers. The row is there before anything is done on the server. */
export interface DatabaseAccountsTable {
  id: Generated<number>
  /** Who has it now; a transfer changes it. */
  access_id: number
  server_id: number
  name: string
  kind: 'service' | 'user'
  /** What the account carries on the server: the access it was made for. */
  mark: number
  database_name: string
  group_name: string
  read_only: Flag
  target: 'primary' | 'standby'
  state: DatabaseAccountState
  /** The password that was proven last; null: none yet. */
  secret_id: string | null
  password_at: Instant | null
  /** End of the password, by the portal; the server's own comes later. */
  expires_at: Instant | null
  server_expires_at: Instant | null
  /** The last notice that was sent before the end: 14, 7 or 1. */
  noticed_days: number | null
  /** A reset that was asked for, for later. */
  reset_due_at: Instant | null
  reset_by: string | null
  /** PEM: what a client needs to verify the server. */
  certificate: string | null
  certificate_at: Instant | null
  certificate_expires_at: Instant | null
  /** Why the last look at it was not believed. */
  certificate_error: string | null
  /** When its owner was told that it ends soon. */
  certificate_noticed_at: Instant | null
  proven_at: Instant | null
  created_at: Instant
  gone_at: Instant | null
}

export type PasswordChangeReason =
  | 'create'
  | 'asked'
  | 'scheduled'
  | 'expiry'
  | 'transfer'
  | 'unprovable'
  | 'resume'

/** One open change per account; committed before the server is touched. */
export interface PasswordChangesTable {
  id: Generated<number>
  account_id: number
  reason: PasswordChangeReason
  /** null: the portal itself. */
  asked_by: string | null
  step: 'INTENT' | 'APPLYING' | 'APPLIED' | 'SETTLED' | 'PROVEN'
  /** What a standby has to reach. */
  position: string | null
  attempts: Generated<number>
  failure: Generated<string>
  begun_at: Instant
  closed_at: Instant | null
  outcome: 'CURRENT' | 'SUPERSEDED' | null
}

/** Passwords a change has tried or is going to; the highest number is the one it works with. */
export interface PasswordCandidatesTable {
  change_id: number
  number: number
  /** null: forgotten, since another one was proven. */
  secret_id: string | null
  /** Chosen by the owner, not generated. */
  given: Generated<Flag>
  state: 'NEW' | 'TRIED' | 'REFUSED' | 'CURRENT' | 'DISCARDED'
  created_at: Instant
}

/** Where the portal and a server say different things about accounts. */
export interface DriftFindingsTable {
  id: Generated<number>
  server_id: number
  /** ORPHAN: nobody owns it. VANISHED: it should be there. RIGHTS: it can do what it should not. */
  kind: 'ORPHAN' | 'VANISHED' | 'RIGHTS'
  name: string
  mark: number | null
  account_id: number | null
  detail: Generated<string>
  found_at: Instant
  seen_at: Instant
  /** What an operator wants to become of it, until it is done, and why the last attempt failed. */
  act: 'adopt' | 'disable' | 'drop' | null
  act_by: string | null
  act_at: Instant | null
  act_error: string | null
  /** adopt: the access that is to have it, once it is approved. */
  adopt_access_id: number | null
  settled_at: Instant | null
  settled_by: string | null
  settled_how: Generated<string>
}

/** Where an asset's files or logs are; without a row it is the portal's own folder, with what holds by default. */
export interface AssetStoresTable {
  asset_id: string
  store: 'files' | 'logs'
  enabled: Generated<Flag>
  kind: 'local' | 's3'
  /** local: the folder; null: the portal's own. */
  root: string | null
  bucket: string | null
  /** What the key of every object begins with; '' or with a slash at its end. */
  prefix: Generated<string>
  region: string | null
  /** null: the region's own. */
  endpoint: string | null
  /** The bucket stands in the path and not in the host's name. */
  path_style: Generated<Flag>
  access_key_id: string | null
  /** `env:NAME` or `file:/path`; else it is in the vault. */
  credential: string | null
  credential_secret_id: string | null
  /** presigned: downloads come from the store itself, by an address that is good for a minute. */
  transfer: Generated<'stream' | 'presigned'>
  /** null: kept for ever. */
  retention_days: number | null
  /** null: what the configuration says. */
  upload_limit_mib: number | null
  created_at: Instant
  version: Generated<number>
}

export interface Database {
  customers: CustomersTable
  persons: PersonsTable
  customer_access: CustomerAccessTable
  assets: AssetsTable
  asset_health: AssetHealthTable
  actions: ActionsTable
  runbooks: RunbooksTable
  runbook_versions: RunbookVersionsTable
  asset_actions: AssetActionsTable
  access_types: AccessTypesTable
  accesses: AccessesTable
  access_drafts: AccessDraftsTable
  absences: AbsencesTable
  campaigns: CampaignsTable
  campaign_parts: CampaignPartsTable
  campaign_items: CampaignItemsTable
  service_requests: ServiceRequestsTable
  work_log: WorkLogTable
  runs: RunsTable
  run_steps: RunStepsTable
  run_log_chunks: RunLogChunksTable
  supervised_processes: SupervisedProcessesTable
  jobs: JobsTable
  workers: WorkersTable
  recurring: RecurringTable
  mails: MailsTable
  sessions: SessionsTable
  link_tokens: LinkTokensTable
  sign_in_failures: SignInFailuresTable
  identities: IdentitiesTable
  kept_forms: KeptFormsTable
  audit_events: AuditEventsTable
  notices: NoticesTable
  notice_views: NoticeViewsTable
  favorites: FavoritesTable
  recent_pages: RecentPagesTable
  settings: SettingsTable
  master_keys: MasterKeysTable
  secrets: SecretsTable
  database_servers: DatabaseServersTable
  asset_databases: AssetDatabasesTable
  database_accounts: DatabaseAccountsTable
  password_changes: PasswordChangesTable
  password_candidates: PasswordCandidatesTable
  drift_findings: DriftFindingsTable
  asset_stores: AssetStoresTable
}

export type Row<T extends keyof Database> = Selectable<Database[T]>
export type NewRow<T extends keyof Database> = Insertable<Database[T]>
