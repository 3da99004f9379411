export const scopeWords = {
  asset: 'one asset',
  customer: 'all assets of the customer',
} as const

export const classesWords = {
  any: 'all assets',
  NON_PRODUCTION: 'non-production',
  PRODUCTION: 'production',
} as const
