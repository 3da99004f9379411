/** host:port, with brackets where the host has colons of its own. */
export const addressWords = (host: string, port: number) =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
