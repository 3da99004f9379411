import { z } from 'zod'

export const NewFolderFields = z.object({ folder_name: z.string().default('') })

/** Read field by field: see storage-form.ts. */
export const StorageFields = z.record(z.string(), z.string())
