import { Hono } from 'hono'
import { AdminHome, type Attention } from '../../views/admin/admin-home.tsx'
import { failedAccesses } from '../access/access-queries.ts'
import { customerAccessRoutes } from '../assets/who-can-routes.tsx'
import { storageRoutes } from '../files/storage-routes.tsx'
import type { AppEnv, Ctx } from '../http/env.ts'
import { actsIdentified, operatorsOnly } from '../http/guards.ts'
import { chromeOf } from '../http/respond.ts'
import { listJobs } from '../jobs/queries.ts'
import { workersAlive } from '../jobs/workers.ts'
import { countMails } from '../mail/queries.ts'
import { paths } from '../paths.ts'
import { customersWithFewManagers } from '../people/customer-queries.ts'
import { accessTypeRoutes } from './access-type-routes.tsx'
import { actionRoutes } from './action-routes.tsx'
import { assetDatabaseRoutes } from './asset-database-routes.tsx'
import { assetMoveRoutes } from './asset-move-routes.tsx'
import { assetAdminRoutes } from './asset-routes.tsx'
import { auditRoutes } from './audit-routes.tsx'
import { customerRoutes } from './customer-routes.tsx'
import { databaseAttention } from './database-attention.ts'
import { databaseServerRoutes } from './database-server-routes.tsx'
import { driftRoutes } from './drift-routes.tsx'
import { expiryRoutes } from './expiry-routes.tsx'
import { jobRoutes } from './job-routes.tsx'
import { mailRoutes } from './mail-routes.tsx'
import { noticeAdminRoutes } from './notice-routes.tsx'
import { personHistoryRoutes } from './person-history-routes.tsx'
import { personRoutes } from './person-routes.tsx'
import { runbookRoutes } from './runbook-routes.tsx'
import { settingsRoutes } from './settings-routes.tsx'

/** Everything under /admin: there for operators, for everybody else it is not. */
export const adminRoutes = () =>
  new Hono<AppEnv>()
    .use('/admin', operatorsOnly)
    .use('/admin/*', operatorsOnly, actsIdentified)
    .get(paths.admin(), async c =>
      c.html(<AdminHome chrome={await chromeOf(c)} attention={await whatNeedsOperators(c)} />),
    )
    .route('/', customerRoutes())
    .route('/', customerAccessRoutes())
    .route('/', assetAdminRoutes())
    .route('/', assetMoveRoutes())
    .route('/', storageRoutes())
    .route('/', assetDatabaseRoutes())
    .route('/', actionRoutes())
    .route('/', runbookRoutes())
    .route('/', accessTypeRoutes())
    .route('/', databaseServerRoutes())
    .route('/', expiryRoutes())
    .route('/', driftRoutes())
    .route('/', personRoutes())
    .route('/', personHistoryRoutes())
    .route('/', noticeAdminRoutes())
    .route('/', mailRoutes())
    .route('/', jobRoutes())
    .route('/', auditRoutes())
    .route('/', settingsRoutes())

const mostFailed = 10

async function whatNeedsOperators(c: Ctx): Promise<Attention[]> {
  const { db, clock, config } = c.var.deps
  const alive = await workersAlive(db, clock, config)
  const { total: failedJobs } = await listJobs(db, { state: 'failed' }, {})
  const failedMails = await countMails(db, 'failed')
  const customers = await customersWithFewManagers(db)
  const accesses = await failedAccesses(db, mostFailed)
  const found: (Attention | false)[] = [
    alive === 0 && { text: 'No worker is alive: nothing is run or sent.', href: paths.adminJobs() },
    failedJobs > 0 && { text: `Failed jobs: ${failedJobs}`, href: paths.adminJobs({ state: 'failed' }) },
    failedMails > 0 && {
      text: `Mails that could not be delivered: ${failedMails}`,
      href: paths.adminMails({ state: 'failed' }),
    },
    ...(await databaseAttention(c.var.deps)),
    ...accesses.map(access => ({
      text: `${access.type_name} on ${access.asset_id} for ${access.person_id} is ${access.status}. ${access.pending_status}`,
      href: paths.accessLog(access.id),
    })),
    ...customers.map(({ id, name, managers }) => ({
      text: `Customer ${id} ${name} has ${managers === 0 ? 'no manager' : 'only one manager'}; it should have two.`,
      href: paths.adminCustomer(id),
    })),
  ]
  return found.filter(one => one !== false)
}
