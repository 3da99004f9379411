import { openDatabase } from '../../db/open.ts'
import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import { isReady } from '../operation/queries.ts'
import { type Command, CommandError, say } from './command.ts'
import { rotateKey } from './key-rotation.ts'

export const keyRotate: Command = {
  summary: 'Puts a new master key in the place of the present one, while the portal runs.',
  async run() {
    const config = readConfig()
    const open = await openDatabase(config)
    try {
      if (!(await isReady(open)))
        throw new CommandError(
          'The database is not one of this version of Gatehouse. Check DATA_DIR and DATABASE_URL, or run “gatehouse migrate”.',
        )
      await rotateKey({ db: open.db, config, clock: systemClock, say })
      return 0
    } finally {
      await open.close()
    }
  },
}
