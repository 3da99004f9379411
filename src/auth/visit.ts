import type { Cookie } from 'lucia'
import type { Ctx } from '../http/env.ts'
import type { Visit } from './sign-in.ts'

/** Where this request comes from. */
export const visitOf = (c: Ctx): Visit => ({
  address: c.var.address,
  userAgent: c.req.header('user-agent') ?? '',
  cookieHeader: c.req.header('cookie') ?? '',
  requestId: c.var.requestId,
})

export const giveCookie = (c: Ctx, cookie: Cookie) =>
  c.header('Set-Cookie', cookie.serialize(), { append: true })
