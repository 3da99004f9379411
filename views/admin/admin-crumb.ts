import { paths } from '../../src/paths.ts'
import type { Crumb } from '../layout/page.tsx'

export const adminCrumb: Crumb = { label: 'Administration', href: paths.admin() }
export const adminCrumbs = {
  customers: [adminCrumb, { label: 'Customers', href: paths.adminCustomers() }],
  assets: [adminCrumb, { label: 'Assets administration', href: paths.adminAssets() }],
  accessTypes: [adminCrumb, { label: 'Access types', href: paths.adminAccessTypes() }],
  databaseServers: [adminCrumb, { label: 'Database servers', href: paths.adminDatabaseServers() }],
  actions: [adminCrumb, { label: 'Actions', href: paths.adminActions() }],
  runbooks: [adminCrumb, { label: 'Runbooks', href: paths.adminRunbooks() }],
  persons: [adminCrumb, { label: 'Persons', href: paths.adminPersons() }],
  notices: [adminCrumb, { label: 'Bulletin Board posts', href: paths.adminNotices() }],
  mail: [adminCrumb, { label: 'Mail', href: paths.adminMails() }],
} as const satisfies Record<string, Crumb | readonly Crumb[]>
