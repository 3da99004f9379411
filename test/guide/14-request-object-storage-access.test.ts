import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownRoot } from '../../src/files/stores.ts'
import { openAccessManagement, openRecord } from '../support/access-tool.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { ACCESSES, ASSETS, rowsOf } from '../support/manage-access.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { openUploads, type Uploads } from '../support/uploads.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

/** The steps of the guide, without JavaScript, one after the other. */
describe.each(engines)('How to Request Object Storage Access (%s)', engine => {
  let world: World
  let uploads: Uploads
  let user02: Agent
  let page: ShownPage

  beforeAll(async () => {
    world = await createWorld(engine)
    uploads = await openUploads(world)
    user02 = await signIn(world, 'user02')
  })
  afterAll(async () => {
    await uploads.close()
    await world.close()
  })

  const toRecord = async () => user02.get((await user02.get('/assets')).link('10000-DEV'))

  test('the record of the asset says what to request', async () => {
    const record = await toRecord()
    expect(record.text).toContain('Request Object Storage File Access for it')
    page = await user02.get(record.link('Go to Manage Access'))
    expect(page.heading).toBe('User 02')
  })

  test('1. to 5. the asset is added on Manage Access', async () => {
    const record = await user02.get((await openAccessManagement(user02)).link('user02@example.com'))
    page = await user02.press(await user02.get(record.link('Manage Access')), `New Row in ${ASSETS}`)
    page = await user02.press(await user02.press(page, 'Select Value: Asset'), '10000-DEV')
  })

  test.each([
    ['Object Storage File Access', 'MAS Object Storage File Access'],
    ['Object Storage Log Access', 'log'],
  ])('6. and 7. %s is among the access types, and is found by “%s” too', async (type, words) => {
    page = await user02.press(page, `New Row in ${ACCESSES}`)
    const types = await user02.press(page, 'Select Value: Access Type')
    expect(types.table('Access Type table').map(row => row[0])).toContain(type)
    page = await user02.press(types, type)
    expect(page.field('Access Type')).toBe(type)
    if (words !== 'log') {
      page = await user02.fillIn(page, { 'Access Type': words, Justification: 'Month end' }, 'Save')
      expect(page.flash).toContain(`Requested: ${type} on 10000-DEV`)
    }
  })

  test('8. and 9. give a reason, and Save', async () => {
    page = await user02.fillIn(page, { Justification: 'To look into failures' }, 'Save')
    expect(page.flash).toContain('Requested: Object Storage Log Access on 10000-DEV')
    expect(rowsOf(page, ACCESSES).map(row => [row[0], row[2]])).toEqual([
      ['Object Storage File Access', 'PROCESSING'],
      ['Object Storage Log Access', 'PROCESSING'],
    ])
    expect((await toRecord()).text).toContain('Request Object Storage File Access for it')
  })

  test('a manager approves, a mail says so, and the record leads to files and logs', async () => {
    const manager01 = await signIn(world, 'manager01')
    for (let left = 2; left > 0; left--) {
      const approvals = await openRecord(manager01, 'manager01@example.com', 'Access Approvals')
      await manager01.fillIn(approvals, { Disposition: 'APPROVED' }, 'Save')
    }
    await workOff(world)
    page = await openRecord(user02, 'user02@example.com', 'Manage Access')
    expect(rowsOf(page, ACCESSES).map(row => row.slice(2))).toEqual([
      ['APPROVED', ''],
      ['APPROVED', ''],
    ])
    const granted = (await world.mails()).filter(mail => mail.template === 'access-granted')
    expect(granted.map(mail => mail.to_address)).toEqual(['user02@example.com', 'user02@example.com'])
  })

  test('files are uploaded and downloaded', async () => {
    await uploads.send(user02, { name: 'june.csv', type: 'text/csv', content: 'a,b' })
    const files = await user02.get((await toRecord()).link('Files'))
    expect(files.table('Files table')[0]?.[0]).toBe('june.csv')
    expect((await user02.send('GET', files.link('june.csv'))).body).toBe('a,b')
  })

  test('logs are downloaded', async () => {
    const root = ownRoot(world.config, '10000-DEV', 'logs')
    mkdirSync(root, { recursive: true })
    writeFileSync(path.join(root, 'app.log'), 'started')
    const logs = await user02.get((await toRecord()).link('Logs'))
    expect((await user02.send('GET', logs.link('app.log'))).body).toBe('started')
  })

  test('removed it opens nothing any more, at once', async () => {
    page = await openRecord(user02, 'user02@example.com', 'Manage Access')
    await user02.press(page, 'Remove Access')
    await workOff(world)
    const record = await toRecord()
    expect(record.text).toContain('Request Object Storage File Access for it')
    expect((await user02.get('/assets/10000-DEV/files')).status).toBe(403)
    expect((await user02.get('/assets/10000-DEV/logs')).status).toBe(200)
  })
})
