import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { accessRoutes } from './access/routes.tsx'
import { adminRoutes } from './admin/routes.tsx'
import { assetRoutes } from './assets/routes.tsx'
import { authRoutes } from './auth/routes.tsx'
import { findVisitor } from './auth/sessions.ts'
import type { Deps } from './deps.ts'
import { fileRoutes } from './files/file-routes.tsx'
import { uploadRoutes } from './files/upload-routes.tsx'
import { helpRoutes } from './help/routes.tsx'
import { clientAddress } from './http/address.ts'
import { compressed } from './http/compressed.ts'
import { csrf } from './http/csrf.ts'
import type { AppEnv } from './http/env.ts'
import { onSurprise } from './http/errors.ts'
import { flash } from './http/flash.ts'
import { pageHeaders, securityHeaders } from './http/headers.ts'
import { formSizeLimit, noNulInAddress } from './http/limits.ts'
import { createMetrics } from './http/metrics.ts'
import { requestLog } from './http/request-log.ts'
import { notFoundPage } from './http/respond.ts'
import { session, sessionOfForm } from './http/session.ts'
import { staticFiles } from './http/static-files.ts'
import { noticeRoutes } from './notices/routes.tsx'
import { operationRoutes } from './operation/routes.ts'
import { listViewRoutes } from './people/list-view-routes.tsx'
import { newAccessRoutes } from './people/new-access-routes.tsx'
import { pageBook } from './people/page-book.ts'
import { personInformationRoutes } from './people/person-information-routes.tsx'
import { profileRoutes } from './people/profile-routes.tsx'
import { serviceRequestRoutes } from './service-requests/routes.tsx'
import { startCenterRoutes } from './start-center/routes.tsx'

/** The portal's site: what every request passes through, and where everything is. */
export function createApp(deps: Deps): Hono<AppEnv> {
  const metrics = createMetrics()
  const app = new Hono<AppEnv>()
  app.onError(onSurprise)
  app.notFound(notFoundPage)

  app.use(requestLog(deps, metrics), clientAddress, securityHeaders(deps.config))
  app.route('/static', staticFiles(publicFolder()))
  app.route('/', operationRoutes(deps, metrics))

  app.use(compressed, pageHeaders)
  const find = (cookies: string) => findVisitor(deps, cookies)
  app.use(session(find, pageBook(deps)))
  app.use(noNulInAddress, flash)
  // Files are larger than other forms may be, and are not read beforehand: they are looked at apart.
  app.route('/', uploadRoutes())
  app.use(formSizeLimit, sessionOfForm(find), csrf)

  app.route('/', authRoutes())
  app.route('/', profileRoutes())
  app.route('/', startCenterRoutes())
  app.route('/', serviceRequestRoutes())
  app.route('/', assetRoutes())
  app.route('/', fileRoutes())
  app.route('/', listViewRoutes())
  app.route('/', newAccessRoutes())
  app.route('/', personInformationRoutes())
  app.route('/', accessRoutes())
  app.route('/', noticeRoutes())
  app.route('/', adminRoutes())
  app.route('/', helpRoutes())
  return app
}

/** Beside the bundle, or made by the build for those who run from source. */
function publicFolder(): string {
  const beside = fileURLToPath(new URL('./public', import.meta.url))
  return existsSync(beside) ? beside : fileURLToPath(new URL('../dist/public', import.meta.url))
}
