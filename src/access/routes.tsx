import { Hono } from 'hono'
import { resetPasswordRoutes } from '../database-accounts/reset-routes.tsx'
import { showAccountRoutes } from '../database-accounts/show-routes.tsx'
import type { AppEnv } from '../http/env.ts'
import { approvalsRoutes } from './approvals-routes.tsx'
import { campaignRoutes } from './campaign-routes.tsx'
import { decisionRoutes } from './decision-routes.tsx'
import { accessLogRoutes } from './log-routes.tsx'
import { manageAccessActRoutes } from './manage-access-act-routes.tsx'
import { manageAccessRoutes } from './manage-access-routes.tsx'
import { revalidationRoutes } from './revalidation-routes.tsx'
import { transferRoutes } from './transfer-routes.tsx'

/** Everything about accesses. */
export const accessRoutes = () =>
  new Hono<AppEnv>()
    .route('/', revalidationRoutes())
    .route('/', manageAccessRoutes())
    .route('/', showAccountRoutes())
    .route('/', resetPasswordRoutes())
    .route('/', transferRoutes())
    .route('/', manageAccessActRoutes())
    .route('/', approvalsRoutes())
    .route('/', decisionRoutes())
    .route('/', campaignRoutes())
    .route('/', accessLogRoutes())
