import { allCrashPoints, lostWorker } from './lost-worker.ts'

lostWorker('sqlite', allCrashPoints)
