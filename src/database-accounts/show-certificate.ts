import type { Deps } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { conflict, ok, type Result } from '../result.ts'
import { recordShown, showOf } from './show-password.ts'

/** Show Database SSL Certificate?: the file (PEM) that a client verifies the server with, as it was verified last. */
export const showCertificate = (deps: Deps, actor: Actor, accessId: number): Promise<Result<string>> =>
  showOf(deps, actor, accessId, async (tx, { access }, account) => {
    if (account.certificate === null) return conflict(account.certificate_error ?? unknown)
    await recordShown(tx, deps, actor, access, 'access certificate shown', account)
    return ok(account.certificate)
  })

const unknown =
  'The portal has not fetched the SSL certificate of this database server yet. Try again in a moment.'
