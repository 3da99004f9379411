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

  admin: () => '/admin',
  adminCustomers: (query: Query = {}) => `/admin/customers${q(query)}`,
  adminCustomer: (customer: string) => `/admin/customers/${id(customer)}`,
  adminAssets: (query: Query = {}) => `/admin/assets${q(query)}`,
  adminAsset: (asset: string) => `/admin/assets/${id(asset)}`,
  adminAssetActions: (asset: string) => `/admin/assets/${id(asset)}/actions`,
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
  profilePart: (part: 'theme' | 'password' | 'sessions') => `/profile/${part}`,
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
