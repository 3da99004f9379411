/** Single-use links carry their secret in the path: it is logged nowhere and sent along to no other page. */
const secret = /^\/(link|decision)\/.+/

export const isSecretAddress = (path: string) => secret.test(path)

/** Queries may hold anything and are left out as well. */
export const loggedPath = (path: string) => path.replace(secret, '/$1/…').slice(0, 300)
