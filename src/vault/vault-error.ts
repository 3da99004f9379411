/** A secret can't be had or put away; the message names the record and no content. */
export class VaultError extends Error {
  override name = 'VaultError'
}
