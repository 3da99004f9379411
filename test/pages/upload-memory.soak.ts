import { describeUploadMemory } from './upload-memory.ts'

describeUploadMemory({ folder: 5 * 1024, bucket: 5 * 1024 })
