/** Names of the fields that decide about an access: the same wherever it is decided, so that a form can move. */
export const dispositionField = (id: number) => `disposition-${id}`
export const commentsField = (id: number) => `comments-${id}`
/** The version that was shown. */
export const versionField = (id: number) => `version-${id}`

export const dispositions = ['APPROVED', 'REJECTED'] as const
export type Disposition = (typeof dispositions)[number]
export const isDisposition = (word: string | undefined): word is Disposition =>
  dispositions.some(disposition => disposition === word)

export const mostComments = 4000
