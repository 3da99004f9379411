/**
 * Run once before the tests, and left in peace: whatever Node compiles for the programs of the tests is kept then. They
 * themselves are mostly killed, and a killed process keeps nothing.
 */
import '../../src/access/campaign-preparation.ts'
import '../../src/access/work-on-access.ts'
import '../../src/automation/runs.ts'
import '../../src/cli/key-rotation.ts'
import '../../src/cli/open-deps.ts'
import '../../src/jobs/worker.ts'
