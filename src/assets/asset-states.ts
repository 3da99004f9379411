import type { AssetClass } from '../../db/schema.ts'

export const assetClasses = ['NON_PRODUCTION', 'PRODUCTION'] as const satisfies readonly AssetClass[]
export const assetStatuses = ['ACTIVE', 'RETIRED'] as const

/** As people read it. */
export const classWords = {
  NON_PRODUCTION: 'non-production',
  PRODUCTION: 'production',
} as const satisfies Record<AssetClass, string>
