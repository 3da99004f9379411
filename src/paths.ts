/** Every URL of the portal, as a function. Pure. */
const q = (query: Readonly<Record<string, string | number | undefined>>) => {
  const entries = Object.entries(query).filter(
    (e): e is [string, string | number] => e[1] !== undefined && e[1] !== '',
  )
  return entries.length ? `?${new URLSearchParams(entries.map(([k, v]) => [k, String(v)]))}` : ''
}
const id = (value: string | number) => encodeURIComponent(String(value))
type Query = Readonly<Record<string, string | number | undefined>>

export const paths = {
  home: (query: Query = {}) => `/${q(query)}`,
  signIn: (query: Query = {}) => `/sign-in${q(query)}`,
  signInOpenId: () => '/sign-in/openid',
  signInOpenIdCallback: () => '/sign-in/openid/callback',
  forgotten: () => '/sign-in/forgotten',
  /** Single-use links; the token stands in the path, is stored hashed and never logged. */
  link: (token: string) => `/link/${id(token)}`,
  signOut: () => '/sign-out',
  identify: (query: Query = {}) => `/identify${q(query)}`,

  serviceRequests: (query: Query = {}) => `/service-requests${q(query)}`,
  serviceRequestsCsv: (query: Query = {}) => `/service-requests.csv${q(query)}`,
  newServiceRequest: (query: Query = {}) => `/service-requests/new${q(query)}`,
  /** Redraws the form (an action was chosen, a lookup was used); stores nothing. */
  serviceRequestForm: () => '/service-requests/form',
  selectValue: (field: string) => `/service-requests/select/${id(field)}`,
  serviceRequest: (request: number | string) => `/service-requests/${id(request)}`,
  serviceRequestLog: (request: number | string, query: Query = {}) =>
    `/service-requests/${id(request)}/log${q(query)}`,
  serviceRequestLogStream: (request: number | string) => `/service-requests/${id(request)}/log/stream`,
  serviceRequestLogDownload: (request: number | string) => `/service-requests/${id(request)}/log.txt`,
  serviceRequestEvent: (request: number | string, event: string) =>
    `/service-requests/${id(request)}/${id(event)}`,
  serviceRequestNotes: (request: number | string) => `/service-requests/${id(request)}/notes`,

  assets: (query: Query = {}) => `/assets${q(query)}`,
  assetsCsv: (query: Query = {}) => `/assets.csv${q(query)}`,
  asset: (asset: string) => `/assets/${id(asset)}`,

  /** A folder of an asset's file or log store: `path`. */
  store: (asset: string, store: 'files' | 'logs', query: Query = {}) =>
    `/assets/${id(asset)}/${store}${q(query)}`,
  storeDownload: (asset: string, store: 'files' | 'logs', query: Query = {}) =>
    `/assets/${id(asset)}/${store}/download${q(query)}`,
  storeDelete: (asset: string, store: 'files' | 'logs', query: Query = {}) =>
    `/assets/${id(asset)}/${store}/delete${q(query)}`,
  filesUpload: (asset: string, query: Query = {}) => `/assets/${id(asset)}/files/upload${q(query)}`,
  filesFolder: (asset: string, query: Query = {}) => `/assets/${id(asset)}/files/folders${q(query)}`,

  accessManagement: (query: Query = {}) => `/security/access-management${q(query)}`,
  accessManagementCsv: (query: Query = {}) => `/security/access-management.csv${q(query)}`,
  newAccess: (query: Query = {}) => `/security/access-management/new${q(query)}`,
  /** Redraws the form; stores nothing. */
  newAccessForm: () => '/security/access-management/new/form',
  newAccessSelect: (field: string) => `/security/access-management/new/select/${id(field)}`,
  /** “User X exists. Grant user access to customer Y?” */
  newAccessQuestion: () => '/security/access-management/new/question',
  /** Yes to “User X exists. Grant user access to customer Y?”. */
  grantCustomer: () => '/security/access-management/new/grant',
  /** Person Information. */
  person: (person: string, query: Query = {}) => `/security/access-management/${id(person)}${q(query)}`,
  /** deactivate: one's own account. sign-in-link: a new one, to the address the portal has. */
  personEvent: (
    person: string,
    event: 'deactivate' | 'sign-in-link' | 'remove-customer',
    query: Query = {},
  ) => `/security/access-management/${id(person)}/${event}${q(query)}`,
  personCustomersCsv: (person: string) => `/security/access-management/${id(person)}/customers.csv`,
  manageAccess: (person: string, query: Query = {}) =>
    `/security/access-management/${id(person)}/access${q(query)}`,
  /** Assets of the page, and the accesses on the selected one. */
  manageAccessCsv: (person: string, query: Query = {}) =>
    `/security/access-management/${id(person)}/access.csv${q(query)}`,
  manageAccessSelect: (person: string, field: string) =>
    `/security/access-management/${id(person)}/access/select/${id(field)}`,
  discardAccessDraft: (person: string) => `/security/access-management/${id(person)}/access/discard`,
  revalidate: (person: string) => `/security/access-management/${id(person)}/access/re-validate`,
  /** An act on one access: remove, retry (operators). */
  accessEvent: (person: string, access: number | string, event: string) =>
    `/security/access-management/${id(person)}/access/${id(access)}/${id(event)}`,
  /** Database password and certificate, for the owner; leads back to the page when it is only looked at. */
  showAccount: (person: string, access: number | string) =>
    `/security/access-management/${id(person)}/access/${id(access)}/show`,
  resetDatabasePassword: (person: string, access: number | string) =>
    `/security/access-management/${id(person)}/access/${id(access)}/reset-password`,
  /** A reset that was scheduled. */
  cancelDatabaseReset: (person: string, access: number | string) =>
    `/security/access-management/${id(person)}/access/${id(access)}/cancel-reset`,
  /** Transfer Access: a service account goes to another person of the customer. */
  transferAccess: (person: string, access: number | string) =>
    `/security/access-management/${id(person)}/access/${id(access)}/transfer`,
  /** Of a transfer that waits for its decision. */
  withdrawTransfer: (person: string, access: number | string) =>
    `/security/access-management/${id(person)}/access/${id(access)}/withdraw-transfer`,
  /** What its runbook did; operators. */
  accessLog: (access: number | string, query: Query = {}) => `/admin/accesses/${id(access)}/log${q(query)}`,
  /** Of one of its runs. */
  accessRunLog: (access: number, attempt: number, query: Query = {}) =>
    `/admin/accesses/${access}/log/${attempt}${q(query)}`,
  accessRunLogDownload: (access: number, attempt: number) =>
    `/admin/accesses/${access}/log/${attempt}/log.txt`,
  approvals: (person: string, query: Query = {}) =>
    `/security/access-management/${id(person)}/approvals${q(query)}`,
  approvalsCsv: (person: string, query: Query = {}) =>
    `/security/access-management/${id(person)}/approvals.csv${q(query)}`,
  /** The decision link of a mail. */
  decision: (token: string) => `/decision/${id(token)}`,
  /** How far the re-validation of the customer one manages is. */
  revalidation: (query: Query = {}) => `/security/re-validation${q(query)}`,
  revalidationCsv: (campaign: number | string) => `/security/re-validation/${id(campaign)}/proof.csv`,

  admin: () => '/admin',
  adminAccessTypes: () => '/admin/access-types',
  adminAccessType: (type: string) => `/admin/access-types/${id(type)}`,
  adminAccessTypeEvent: (type: string, event: 'withdraw' | 'offer') =>
    `/admin/access-types/${id(type)}/${event}`,
  adminDatabaseServers: () => '/admin/database-servers',
  adminDatabaseServer: (server: number | string, query: Query = {}) =>
    `/admin/database-servers/${id(server)}${q(query)}`,
  adminDatabaseServerEvent: (server: number, event: 'check' | 'retire' | 'use') =>
    `/admin/database-servers/${id(server)}/${event}`,
  /** When passwords and certificates end. */
  adminExpiry: (query: Query = {}) => `/admin/expiry${q(query)}`,
  adminExpiryCsv: (query: Query = {}) => `/admin/expiry.csv${q(query)}`,
  adminCampaigns: (query: Query = {}) => `/admin/campaigns${q(query)}`,
  adminCampaign: (campaign: number | string, query: Query = {}) =>
    `/admin/campaigns/${id(campaign)}${q(query)}`,
  /** The proof: who confirmed what when. */
  adminCampaignCsv: (campaign: number | string) => `/admin/campaigns/${id(campaign)}/proof.csv`,
  adminCampaignProof: (campaign: number | string, query: Query = {}) =>
    `/admin/campaigns/${id(campaign)}/proof${q(query)}`,
  adminCampaignClose: (campaign: number | string) => `/admin/campaigns/${id(campaign)}/close`,
  adminAudit: (query: Query = {}) => `/admin/audit${q(query)}`,
  adminAuditCsv: (query: Query = {}) => `/admin/audit.csv${q(query)}`,
  /** Where portal and database servers say different things about accounts. */
  adminDrift: (query: Query = {}) => `/admin/drift${q(query)}`,
  adminDriftFinding: (finding: number | string) => `/admin/drift/${id(finding)}`,
  adminDriftEvent: (finding: number | string, event: string) => `/admin/drift/${id(finding)}/${id(event)}`,
  adminSettings: () => '/admin/settings',
  adminAssetMove: (asset: string) => `/admin/assets/${id(asset)}/move`,
  adminAssetRetire: (asset: string) => `/admin/assets/${id(asset)}/retire`,
  adminPersonHistory: (person: string, query: Query = {}) =>
    `/admin/persons/${id(person)}/history${q(query)}`,
  /** Who can do what: accesses by person. */
  assetAccesses: (asset: string, query: Query = {}) => `/assets/${id(asset)}/accesses${q(query)}`,
  assetAccessesCsv: (asset: string, query: Query = {}) => `/assets/${id(asset)}/accesses.csv${q(query)}`,
  adminCustomerAccesses: (customer: string, query: Query = {}) =>
    `/admin/customers/${id(customer)}/accesses${q(query)}`,
  adminCustomerAccessesCsv: (customer: string, query: Query = {}) =>
    `/admin/customers/${id(customer)}/accesses.csv${q(query)}`,

  adminCustomers: (query: Query = {}) => `/admin/customers${q(query)}`,
  adminCustomer: (customer: string) => `/admin/customers/${id(customer)}`,
  adminAssets: (query: Query = {}) => `/admin/assets${q(query)}`,
  adminAsset: (asset: string) => `/admin/assets/${id(asset)}`,
  adminAssetActions: (asset: string) => `/admin/assets/${id(asset)}/actions`,
  adminAssetDatabase: (asset: string) => `/admin/assets/${id(asset)}/database`,
  /** `store`: files or logs. */
  adminAssetStorage: (asset: string, query: Query = {}) => `/admin/assets/${id(asset)}/storage${q(query)}`,
  adminActions: () => '/admin/actions',
  adminAction: (action: string) => `/admin/actions/${id(action)}`,
  adminActionEvent: (action: string, event: 'withdraw' | 'offer') => `/admin/actions/${id(action)}/${event}`,
  adminRunbooks: () => '/admin/runbooks',
  adminRunbook: (runbook: number | string) => `/admin/runbooks/${id(runbook)}`,
  adminRunbookVersions: (runbook: number, query: Query = {}) =>
    `/admin/runbooks/${id(runbook)}/versions${q(query)}`,
  adminRunbookDryRun: (runbook: number, query: Query = {}) =>
    `/admin/runbooks/${id(runbook)}/dry-run${q(query)}`,
  adminRunbookEvent: (runbook: number, event: 'retire' | 'use') => `/admin/runbooks/${id(runbook)}/${event}`,
  adminPersons: (query: Query = {}) => `/admin/persons${q(query)}`,
  adminPerson: (person: string) => `/admin/persons/${id(person)}`,
  adminPersonEvent: (person: string, event: 'deactivate' | 'reactivate' | 'sign-in-link') =>
    `/admin/persons/${id(person)}/${event}`,
  adminNotices: () => '/admin/notices',
  adminNotice: (notice: number | string) => `/admin/notices/${id(notice)}`,
  adminNoticeRemove: (notice: number) => `/admin/notices/${id(notice)}/remove`,
  adminMails: (query: Query = {}) => `/admin/mail${q(query)}`,
  adminMail: (mail: number | string) => `/admin/mail/${id(mail)}`,
  adminMailResend: (mail: number) => `/admin/mail/${id(mail)}/resend`,
  adminJobs: (query: Query = {}) => `/admin/jobs${q(query)}`,
  adminJobRetry: (job: number) => `/admin/jobs/${id(job)}/retry`,

  profile: () => '/profile',
  profilePart: (part: 'theme' | 'password' | 'sessions' | 'absence') => `/profile/${part}`,
  favorite: (page: string) => `/favorites/${id(page)}`,
  notice: (notice: number | string) => `/notices/${id(notice)}`,
  findNavigation: (query: Query = {}) => `/find${q(query)}`,
  help: () => '/help',
  helpPage: (slug: string) => `/help/${id(slug)}`,
  helpKeyboard: () => '/help/keyboard',
  staticFile: (name: string) => `/static/${name}`,
  health: () => '/healthz',
  ready: () => '/readyz',
  metrics: () => '/metrics',
} as const
