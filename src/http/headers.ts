import { createMiddleware } from 'hono/factory'
import { secureHeaders } from 'hono/secure-headers'
import type { Config } from '../config.ts'
import type { AppEnv } from './env.ts'

/** Nothing inline, nothing from elsewhere, nobody may frame us. */
export const securityHeaders = (config: Pick<Config, 'secure'>) =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    // Full within the portal, so that a form can lead back to its page; nothing to anyone else.
    referrerPolicy: 'same-origin',
    // Pages with a secret address set their own: see noReferrer.
    overwrite: false,
    crossOriginOpenerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'same-origin',
    originAgentCluster: '?1',
    strictTransportSecurity: config.secure ? 'max-age=31536000' : false,
    xContentTypeOptions: 'nosniff',
    xDnsPrefetchControl: 'off',
    xDownloadOptions: false,
    xFrameOptions: 'DENY',
    xPermittedCrossDomainPolicies: 'none',
    xXssProtection: false,
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [], usb: [] },
  })

/** Pages belong to whoever is signed in: no cache keeps them, and a fragment is not mistaken for its page. */
export const pageHeaders = createMiddleware<AppEnv>(async (c, next) => {
  await next()
  // On the answer's own headers: c.header() would make a second answer of a finished one, body and all.
  const { headers } = c.res
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
  headers.append('Vary', 'HX-Request, Accept-Encoding')
})

/** For pages whose address is itself a secret. */
export const noReferrer = createMiddleware<AppEnv>(async (c, next) => {
  await next()
  c.res.headers.set('Referrer-Policy', 'no-referrer')
})
