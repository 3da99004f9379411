import { describe, expect, test } from 'vitest'
import { transferFolderRunbooks } from '../../db/seeds/demo-access-type.ts'
import { demoRunbooks, showLogAction } from '../../db/seeds/demo-runbooks.ts'
import { runbookDefinition } from '../../src/automation/runbook.ts'
import { actionFields } from '../../src/service-requests/action-fields.ts'

/** Seeds go into the database as they are: what the portal would refuse from an operator shows here. */
describe('the demo', () => {
  test.each([...demoRunbooks, ...Object.values(transferFolderRunbooks)])(
    'has in “$name” a runbook that can run',
    ({ definition }) => {
      expect(runbookDefinition.safeParse(definition)).toMatchObject({ success: true })
    },
  )

  test('has in Show Application Log a form that can be drawn', () => {
    expect(actionFields.safeParse(showLogAction.fields)).toMatchObject({ success: true })
  })
})
