import { paths } from '../src/paths.ts'
import { type Actor, can, type Permission } from '../src/policy.ts'

export type NavKey = keyof typeof navigation

interface NavRow {
  label: string
  href: string
  /** Menu group; absent: top level. */
  group?: 'Security' | 'Administration'
  permission?: Permission
  /** May be starred as a Favorite Application. */
  star?: true
}

/** THE menu: label, address, group and who sees it. Also what “Find navigation item” searches. */
export const navigation = {
  'start-center': { label: 'Start Center', href: paths.home() },
  'service-requests': { label: 'Service Requests', href: paths.serviceRequests(), star: true },
  'new-service-request': { label: 'New Service Request', href: paths.newServiceRequest(), star: true },
  assets: { label: 'Assets', href: paths.assets(), star: true },
  'access-management': {
    label: 'Access Management',
    href: paths.accessManagement(),
    group: 'Security',
    star: true,
  },
  revalidation: {
    label: 'Re-validation',
    href: paths.revalidation(),
    group: 'Security',
    permission: 'campaign.see-progress',
  },
  'admin-customers': {
    label: 'Customers',
    href: paths.adminCustomers(),
    group: 'Administration',
    permission: 'administration.use',
    star: true,
  },
  'admin-assets': {
    label: 'Assets administration',
    href: paths.adminAssets(),
    group: 'Administration',
    permission: 'administration.use',
    star: true,
  },
  'admin-actions': {
    label: 'Actions',
    href: paths.adminActions(),
    group: 'Administration',
    permission: 'administration.use',
    star: true,
  },
  'admin-runbooks': {
    label: 'Runbooks',
    href: paths.adminRunbooks(),
    group: 'Administration',
    permission: 'administration.use',
    star: true,
  },
  'admin-persons': {
    label: 'Persons',
    href: paths.adminPersons(),
    group: 'Administration',
    permission: 'administration.use',
    star: true,
  },
  'admin-notices': {
    label: 'Bulletin Board posts',
    href: paths.adminNotices(),
    group: 'Administration',
    permission: 'administration.use',
  },
  'admin-mail': {
    label: 'Mail',
    href: paths.adminMails(),
    group: 'Administration',
    permission: 'administration.use',
    star: true,
  },
  'admin-jobs': {
    label: 'Jobs',
    href: paths.adminJobs(),
    group: 'Administration',
    permission: 'administration.use',
    star: true,
  },
  'admin-access-types': {
    label: 'Access types',
    href: paths.adminAccessTypes(),
    group: 'Administration',
    permission: 'administration.use',
    star: true,
  },
  'admin-database-servers': {
    label: 'Database servers',
    href: paths.adminDatabaseServers(),
    group: 'Administration',
    permission: 'administration.use',
    star: true,
  },
  'admin-drift': {
    label: 'Drift report',
    href: paths.adminDrift(),
    group: 'Administration',
    permission: 'administration.use',
    star: true,
  },
  'admin-expiry': {
    label: 'Expiry calendar',
    href: paths.adminExpiry(),
    group: 'Administration',
    permission: 'administration.use',
    star: true,
  },
  'admin-campaigns': {
    label: 'Re-validation campaigns',
    href: paths.adminCampaigns(),
    group: 'Administration',
    permission: 'administration.use',
    star: true,
  },
  'admin-audit': {
    label: 'Audit trail',
    href: paths.adminAudit(),
    group: 'Administration',
    permission: 'administration.use',
    star: true,
  },
  'admin-settings': {
    label: 'Settings',
    href: paths.adminSettings(),
    group: 'Administration',
    permission: 'administration.use',
    star: true,
  },
  profile: { label: 'Profile', href: paths.profile() },
  help: { label: 'Help', href: paths.help() },
} as const satisfies Record<string, NavRow>

const entries = (Object.entries(navigation) as [NavKey, NavRow][]).map(([key, row]) => ({ key, ...row }))

export const navEntries = (actor: Actor): readonly (NavRow & { key: NavKey })[] =>
  entries.filter(
    ({ permission }) => !permission || (can as (a: Actor, p: Permission) => boolean)(actor, permission),
  )
