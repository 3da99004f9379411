import type { Row } from '../../db/schema.ts'

export const productionWords = {
  no: 'never',
  'per-asset': 'where the asset allows it',
  yes: 'always',
} as const satisfies Record<Row<'actions'>['production'], string>
