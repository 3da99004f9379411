import type { DbOrTx } from '../deps.ts'
import { type AccessType, findAccessType } from './access-types.ts'
import type { Access } from './change-access.ts'

export async function typeOfAccess(db: DbOrTx, access: Pick<Access, 'access_type'>): Promise<AccessType> {
  const type = await findAccessType(db, access.access_type)
  if (!type) throw new Error(`There is no access type ${access.access_type}.`)
  return type
}
