import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Config } from '../config.ts'
import type { Ctx } from './env.ts'

/** `__Host-` binds a cookie to this host and to https; over plain http browsers refuse such names. */
const cookieName = (config: Pick<Config, 'secure'>, name: string) =>
  `${config.secure ? '__Host-' : ''}gatehouse_${name}`

const attributes = (config: Pick<Config, 'secure'>) =>
  ({ httpOnly: true, sameSite: 'Lax', path: '/', secure: config.secure }) as const

export const readCookie = (c: Ctx, name: string) => getCookie(c, cookieName(c.get('deps').config, name))

export function writeCookie(c: Ctx, name: string, value: string, maxAgeSeconds?: number) {
  const { config } = c.get('deps')
  setCookie(c, cookieName(config, name), value, { ...attributes(config), maxAge: maxAgeSeconds })
}

export function dropCookie(c: Ctx, name: string) {
  const { config } = c.get('deps')
  deleteCookie(c, cookieName(config, name), attributes(config))
}
