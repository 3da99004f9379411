import { lostWorker } from './lost-worker.ts'

/** One point of a kind: what differs from SQLite is the locking. All of them are in the soak test. */
lostWorker('postgres', {
  losesNothing: ['step committed', 'step finished'],
  leavesUnknown: ['output stored'],
  startsNothing: ['process committed'],
})
