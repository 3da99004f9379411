import { Hono } from 'hono'
import type { AppEnv } from '../http/env.ts'
import { approvalsRoutes } from './approvals-routes.tsx'
import { campaignRoutes } from './campaign-routes.tsx'
import { decisionRoutes } from './decision-routes.tsx'
import { accessLogRoutes } from './log-routes.tsx'
import { manageAccessActRoutes } from './manage-access-act-routes.tsx'
import { manageAccessRoutes } from './manage-access-routes.tsx'
import { revalidationRoutes } from './revalidation-routes.tsx'

/** Everything about accesses. */
export const accessRoutes = () =>
  new Hono<AppEnv>()
    .route('/', revalidationRoutes())
    .route('/', manageAccessRoutes())
    .route('/', manageAccessActRoutes())
    .route('/', approvalsRoutes())
    .route('/', decisionRoutes())
    .route('/', campaignRoutes())
    .route('/', accessLogRoutes())
