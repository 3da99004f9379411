import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take half a minute and more: what is begun last should be short, or one processor waits for the other. */
const long =
  /every-page|tenancy|crashes|database-(rotation|accounts)|cli\/(demo|key-rotate|serve)|-walk|new-access|manage-access\.test|security\/routes|upload-memory|provisioners|executors/

/** As always, but the long ones before all others: how long files took is not known on a machine that has run none. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => long.test(moduleId)
    return [...sorted.filter(isLong), ...sorted.filter(file => !isLong(file))]
  }
}
