import type { AskedOfAccount } from '../database-accounts/account-view.ts'
import type { FieldErrors } from '../result.ts'
import type { PersonAccess } from './access-queries.ts'
import type { ManageQuery } from './manage-access-query.ts'
import type { ReadChanges } from './read-staged.ts'
import type { Requesting } from './requestable-assets.ts'
import { accessField, type StagedChanges, type StagedFields } from './staged-changes.ts'

/** What a drawing of Manage Access begins with. */
export interface Drawing {
  requesting: Requesting
  saved: readonly PersonAccess[]
  read: ReadChanges
  /** What is staged, written in full. */
  staged: StagedChanges
  selected: string
  query: ManageQuery
  errors: FieldErrors
  /** Number of the access, or key of the added row, that is opened. */
  opened: string
  /** Every added row keeps its fields, whatever was understood. */
  keepOpen: boolean
  account: AskedOfAccount | null
  /** What was typed into fields that are not staged. */
  typed: StagedFields
}

/** Fields of an added access that people type into. */
export const fieldsOf = (index: number) =>
  (['type', 'account', 'justification', 'ends_on'] as const).map(key => accessField(index, key))
