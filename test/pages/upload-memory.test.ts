import { describeUploadMemory } from './upload-memory.ts'

// As much as tells: were they kept in memory, more would be held than is allowed.
describeUploadMemory({ folder: 128, bucket: 160 })
