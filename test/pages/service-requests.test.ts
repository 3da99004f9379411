import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { factOf, historyOn } from '../support/facts.ts'
import { queued, requestNow, saved, statusOf } from '../support/queued.ts'
import { addRequests, requestRow } from '../support/requests.ts'
import { offerAction } from '../support/runbooks.ts'
import { createWorld, type World } from '../support/world.ts'

const restart = 'Restart Asset Management Application'

describe.each(engines)('the pages of service requests (%s)', engine => {
  let world: World
  let operator: Agent
  let manager01: Agent
  let user01: Agent
  let user02: Agent
  let user03: Agent

  beforeAll(async () => {
    world = await createWorld(engine)
    await offerAction(world.deps, { asset: '10000-DEV' })
    await offerAction(world.deps, { asset: '10000-DEV', action: 'start-application' })
    await offerAction(world.deps, { asset: '10000-PRD' })
    await offerAction(world.deps, { asset: '20000-DEV' })
    await world.deps.db
      .updateTable('actions')
      .set({ fields: JSON.stringify([caseField, certifyField]) })
      .where('id', '=', 'start-application')
      .execute()
    ;[operator, manager01, user01, user02, user03] = await Promise.all([
      signIn(world, 'operator01'),
      signIn(world, 'manager01'),
      signIn(world, 'user01'),
      signIn(world, 'user02'),
      signIn(world, 'user03'),
    ])
  })
  afterAll(() => world.close())

  const caseField = {
    name: 'support_case',
    label: 'Support Case ID',
    type: 'text',
    required: true,
    pattern: 'TS\\d{9}',
    patternHelp: 'A valid Support Case ID has the format TS followed by 9 digits.',
  }
  const certifyField = {
    name: 'backup',
    label: 'I certify that a recent backup has been taken?',
    type: 'checkbox',
    required: true,
  }

  const fill = (over: Record<string, string> = {}) => ({
    'Target Environment': '10000-DEV',
    'Requested Action': restart,
    ...over,
  })
  const saveNew = (agent: Agent, over: Record<string, string | boolean> = {}) =>
    agent.fillIn(paths.newServiceRequest(), { ...fill(), ...over }, 'Save')
  const count = async () =>
    Number(
      (
        await world.deps.db
          .selectFrom('service_requests')
          .select(eb => eb.fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    )
  /** The page refuses, says so at the field, and nothing is stored. */
  async function refused(over: Record<string, string>, label: string, message: RegExp | string) {
    const before = await count()
    const page = await saveNew(user01, { Summary: 'Keep this', ...over })
    expect(page.status).toBe(422)
    expect(page.errorOf(label)).toMatch(message)
    expect(page.problems.join(' ')).toMatch(message)
    for (const [field, value] of Object.entries({ Summary: 'Keep this', ...over }))
      expect(page.field(field)).toBe(value)
    expect(await count()).toBe(before)
    return page
  }

  describe('a new service request', () => {
    test('needs an environment and an action', async () => {
      const page = await user01.fillIn(paths.newServiceRequest(), { Summary: 'Keep this' }, 'Save')
      expect(page.status).toBe(422)
      expect(page.errorOf('Target Environment')).toBe('Choose the Target Environment.')
      expect(page.errorOf('Requested Action')).toBe('Choose the Requested Action.')
      expect(page.field('Summary')).toBe('Keep this')
    })

    test('takes ids and names in any case, and an unambiguous beginning', async () => {
      const page = await saveNew(user01, { 'Target Environment': '10000-dev', 'Requested Action': 'rEsTaRt' })
      expect(factOf(page, 'Status')).toBe('NEW')
      expect(page.field('Requested Action')).toBe(restart)
      expect(page.field('Summary')).toBe(restart)
    })

    test('lists several matches at the field', async () => {
      await refused({ 'Target Environment': '10000' }, 'Target Environment', /fits several: .*10000-DEV/)
    })

    test('an unknown environment, or one of another customer, is the same: there is none', async () => {
      await refused(
        { 'Target Environment': '10000-XXX' },
        'Target Environment',
        /There is no environment “10000-XXX”/,
      )
      await refused(
        { 'Target Environment': '20000-DEV' },
        'Target Environment',
        /There is no environment “20000-DEV”/,
      )
    })

    test('an unknown action, or one that is not possible there, says why and whom to ask', async () => {
      await refused(
        { 'Requested Action': 'Format the disk' },
        'Requested Action',
        /There is no action “Format the disk”/,
      )
      await refused(
        { 'Requested Action': 'Stop' },
        'Requested Action',
        /Stop Asset Management Application is not possible here\. Nothing has been set up.*Ask Manager 01 or Manager 02\./,
      )
    })

    test('on production, where it is switched off, says so', async () => {
      await refused(
        { 'Target Environment': '10000-PRD' },
        'Requested Action',
        /10000-PRD is a production environment, where this is switched off\. Ask Manager 01 or Manager 02\./,
      )
    })

    test.each([
      ['2026-03-01T09:00', /has passed/],
      ['2028-01-01T09:00', /more than a year ahead/],
      ['next Monday', /is not a date and time/],
      ['2026-02-30T09:00', /no 2026-02-30 09:00 in the calendar/],
      ["'; drop table", /is not a date and time/],
    ])('Requested Start %s is answered at the field', async (start, message) => {
      await refused({ 'Requested Start': start }, 'Requested Start', message)
    })

    test('a Requested Start in a gap or an overlap, in the person’s own zone', async () => {
      const { db } = world.deps
      await db.updateTable('persons').set({ time_zone: 'Europe/Berlin' }).where('id', '=', 'USER01').execute()
      await refused(
        { 'Requested Start': '2026-03-29T02:30' },
        'Requested Start',
        'Sunday 29 March 2026, 02:30 Europe/Berlin does not exist; next is 03:00.',
      )
      const twice = await refused(
        { 'Requested Start': '2026-10-25T02:30' },
        'Requested Start',
        /happens twice/,
      )
      const page = await user01.fillIn(
        twice,
        { 'Which of the two?': '02:30 at UTC+01:00, that is 01:30 UTC' },
        'Save',
      )
      expect(factOf(page, 'Requested Start')).toBe('Sunday 25 October 2026, 02:30 Europe/Berlin (01:30 UTC)')
      await db.updateTable('persons').set({ time_zone: null }).where('id', '=', 'USER01').execute()
    })

    test('a Summary that is too long is kept', async () => {
      const long = 'x'.repeat(251)
      const page = await refused({ Summary: long }, 'Summary', /251 characters. Use at most 250/)
      expect(page.field('Summary')).toBe(long)
      expect((await saveNew(user01, { Summary: 'x'.repeat(250) })).status).toBe(200)
    })

    test('a ten-megabyte summary is not even read', async () => {
      const before = await count()
      const length = { 'content-length': String(10 * 1024 * 1024) }
      const answer = await user01.send('POST', paths.serviceRequests(), undefined, length).catch(String)
      expect(typeof answer === 'string' ? answer : answer.status).toBe(413)
      expect(await count()).toBe(before)
    })

    test('draws the action’s own fields when it is chosen, and checks them', async () => {
      const page = await saveNew(user01, { 'Requested Action': 'Start', Summary: 'Keep this' })
      expect(page.status).toBe(422)
      expect(page.errorOf('Support Case ID')).toBe('Fill in “Support Case ID”.')
      const wrong = await user01.fillIn(page, { 'Support Case ID': 'TS12' }, 'Save')
      expect(wrong.errorOf('Support Case ID')).toBe(caseField.patternHelp)
      expect(wrong.errorOf(certifyField.label)).toBe(`Tick “${certifyField.label}” to go on.`)
      const right = await user01.fillIn(
        wrong,
        { 'Support Case ID': 'TS123456789', [certifyField.label]: true },
        'Save',
      )
      expect(right.status).toBe(200)
      expect(right.field('Support Case ID')).toBe('TS123456789')
      expect(right.field(certifyField.label)).toBe(true)
      expect(right.field('Summary')).toBe('Keep this')
    })

    test('where scripts run, a piece of the form says at once what is wrong', async () => {
      const { csrf } = await user01.get(paths.newServiceRequest())
      const piece = async (typed: Record<string, string>) => {
        const answer = await user01.send(
          'POST',
          paths.serviceRequestForm(),
          { csrf, requested_zone: 'Europe/Berlin', ...typed },
          { 'hx-request': 'true', 'hx-request-type': 'full' },
        )
        return answer.document
      }
      const start = await piece({ requested_start: '2026-03-29T02:30' })
      expect(start.getElementById('start-words')?.text).toContain('does not exist; next is 03:00.')
      const chosen = await piece({ target_environment: '10000-DEV', requested_action: 'Format' })
      expect(chosen.getElementById('action-fields')?.text).toContain('There is no action “Format”')
      const unknown = await piece({ target_environment: 'Moon' })
      expect(unknown.getElementById('action-fields')?.text).toContain('There is no environment “Moon”')
    })

    test('saved twice with the same form is one request', async () => {
      const before = await count()
      const form = await user01.get(paths.newServiceRequest())
      const first = await user01.fillIn(form, fill({ Summary: 'Once' }), 'Save')
      const second = await user01.fillIn(form, fill({ Summary: 'Once' }), 'Save')
      expect(second.heading).toBe(first.heading)
      expect(await count()).toBe(before + 1)
      const other = await user01.fillIn(form, fill({ Summary: 'Something else' }), 'Save')
      expect(other.status).toBe(409)
      expect(other.text).toContain('You saved this form before')
      expect(other.field('Summary')).toBe('Something else')
      expect(await count()).toBe(before + 1)
      const third = await user01.press(other, 'Save')
      expect(third.heading).not.toBe(first.heading)
      expect(await count()).toBe(before + 2)
    })

    test('without the right is impossible, and says whom to ask', async () => {
      const form = await user02.get(paths.newServiceRequest())
      expect(form.text).toContain('needs an approved Self-Service Portal access')
      expect(form.text).toContain('Ask Manager 01 or Manager 02.')
      const page = await saveNew(user02)
      expect(page.status).toBe(422)
      expect(page.errorOf('Target Environment')).toContain(
        'You need an approved Self-Service Portal access of customer 10000',
      )
      const lookup = await user02.press(paths.newServiceRequest(), 'Select Value: Target Environment')
      expect(lookup.text).toContain('Ask Manager 01 or Manager 02.')
    })

    test('nobody is told to ask themselves', async () => {
      const form = await manager01.get(paths.newServiceRequest())
      expect(form.text).toContain('Ask Manager 02.')
      const only = await (await signIn(world, 'manager03')).get(paths.newServiceRequest())
      expect(only.text).toContain('Ask the operators of this portal.')
      const lookup = await operator.press(paths.newServiceRequest(), 'Select Value: Target Environment')
      expect(lookup.text).toContain('You can set it up under Administration.')
    })

    test('the lookup of actions says why it is empty', async () => {
      const first = await user01.press(paths.newServiceRequest(), 'Select Value: Requested Action')
      expect(first.text).toContain('Choose the Target Environment first')
      const none = await user01.fillIn(
        paths.newServiceRequest(),
        { 'Target Environment': '10000-TST' },
        'Select Value: Requested Action',
      )
      expect(none.text).toContain('Nothing has been set up to do this on 10000-TST.')
      const back = await user01.press(none, 'Cancel')
      expect(back.field('Target Environment')).toBe('10000-TST')
    })

    test('operators may for any environment, and are called by their role', async () => {
      const page = await saveNew(operator, { 'Target Environment': '20000-DEV', Summary: 'By us' })
      expect(factOf(page, 'Reported By')).toBe('operator')
      const seen = await user03.get(page.path)
      expect(seen.text).not.toContain('Operator 01')
      expect(factOf(seen, 'Reported By')).toBe('operator')
    })
  })

  describe('a saved service request', () => {
    test('is changed as long as it is new', async () => {
      const id = await saved(world)
      const page = await user01.fillIn(paths.serviceRequest(id), { Summary: 'Changed' }, 'Save')
      expect(page.field('Summary')).toBe('Changed')
      expect(historyOn(page)).toEqual(['Created', 'Changed'])
    })

    test('saved in two tabs: the second is told what changed and keeps what was typed', async () => {
      const id = await saved(world, { summary: 'First' })
      const tab = await user01.get(paths.serviceRequest(id))
      await user01.fillIn(paths.serviceRequest(id), { Summary: 'From one tab' }, 'Save')
      const stale = await user01.fillIn(tab, { Summary: 'From the other tab' }, 'Save')
      expect(stale.status).toBe(409)
      expect(stale.text).toContain('Your changes are not saved')
      expect(stale.text).toContain('User 01 changed it')
      expect(stale.text).toContain('From one tab')
      expect(stale.field('Summary')).toBe('From the other tab')
      expect((await requestNow(world, id)).summary).toBe('From one tab')
      const again = await user01.press(stale, 'Save')
      expect(again.status).toBe(200)
      expect((await requestNow(world, id)).summary).toBe('From the other tab')
    })

    test('Queue Request takes what was typed along', async () => {
      const id = await saved(world)
      const page = await user01.fillIn(
        paths.serviceRequest(id),
        { Summary: 'Typed, not saved' },
        'Queue Request',
      )
      expect(factOf(page, 'Status')).toBe('QUEUED')
      expect((await requestNow(world, id)).summary).toBe('Typed, not saved')
    })

    test('Queue Request with something wrong keeps it new and what was typed', async () => {
      const id = await saved(world)
      const page = await user01.fillIn(
        paths.serviceRequest(id),
        { 'Requested Start': 'soon', Summary: 'Keep this' },
        'Queue Request',
      )
      expect(page.status).toBe(422)
      expect(page.errorOf('Requested Start')).toContain('is not a date and time')
      expect(page.field('Summary')).toBe('Keep this')
      expect(await statusOf(world, id)).toBe('NEW')
    })

    test('a double click on Queue Request is harmless', async () => {
      const id = await saved(world)
      const form = await user01.get(paths.serviceRequest(id))
      await user01.press(form, 'Queue Request')
      const second = await user01.press(form, 'Queue Request')
      expect(second.status).toBe(200)
      expect(factOf(second, 'Status')).toBe('QUEUED')
      expect(historyOn(second)).toEqual(['Created', 'Queued'])
    })

    test('an action withdrawn between Save and Queue Request is refused in words', async () => {
      const { db } = world.deps
      const id = await saved(world)
      await db
        .updateTable('actions')
        .set({ status: 'WITHDRAWN' })
        .where('id', '=', 'restart-application')
        .execute()
      const shown = await user01.get(paths.serviceRequest(id))
      const page = await user01.press(shown, 'Queue Request')
      await db
        .updateTable('actions')
        .set({ status: 'ACTIVE' })
        .where('id', '=', 'restart-application')
        .execute()
      expect(page.status).toBe(422)
      expect(shown.field('Requested Action')).toBe(restart)
      expect(page.errorOf('Requested Action')).toBe(
        `${restart} has been withdrawn: it can’t be requested any more. Ask Manager 01 or Manager 02.`,
      )
      expect(await statusOf(world, id)).toBe('NEW')
    })

    test('a start that has passed asks: now, or another time', async () => {
      const before = world.clock.instant()
      const ids = [
        await saved(world, { requested_start: '2026-03-02T09:10' }),
        await saved(world, { requested_start: '2026-03-02T09:10' }),
      ] as const
      world.clock.set('2026-03-02T09:20:00.000Z')
      const asked = await user01.press(paths.serviceRequest(ids[0]), 'Queue Request')
      expect(asked.heading).toBe('Requested Start has passed')
      expect(asked.errorOf('Start')).toBe('Choose: now, or at another time.')
      expect(asked.text).toContain('Monday 2 March 2026, 09:10 UTC has passed. Service request')
      expect(await statusOf(world, ids[0])).toBe('NEW')
      const past = await user01.fillIn(
        asked,
        { Start: 'At another time', 'Requested Start': '2026-03-02T09:15' },
        'Queue Request',
      )
      expect(past.errorOf('Requested Start')).toContain('has passed')
      const later = await user01.fillIn(past, { 'Requested Start': '2026-03-02T12:00' }, 'Queue Request')
      expect(factOf(later, 'Status')).toBe('QUEUED')
      expect(factOf(later, 'Requested Start')).toBe('Monday 2 March 2026, 12:00 UTC')
      const second = await user01.press(paths.serviceRequest(ids[1]), 'Queue Request')
      const now = await user01.fillIn(second, { Start: 'Now' }, 'Queue Request')
      expect(factOf(now, 'Requested Start')).toBe('as soon as possible')
      expect(await statusOf(world, ids[1])).toBe('QUEUED')
      world.clock.set(before)
    })

    test('is taken back and cancelled, after a question', async () => {
      const id = await queued(world)
      const back = await user01.press(paths.serviceRequest(id), 'Take back')
      expect(factOf(back, 'Status')).toBe('NEW')
      const question = await user01.get(back.link('Cancel request'))
      expect(question.heading).toBe(`Cancel request: service request ${id}?`)
      const gone = await user01.press(question, 'Cancel request')
      expect(gone.text).toContain('Cancelled by User 01.')
      expect(await statusOf(world, id)).toBe('CANCELLED')
      const twice = await user01.press(question, 'Cancel request')
      expect(twice.status).toBe(200)
    })

    test('is copied to a new request, without its start', async () => {
      const id = await saved(world, { requested_start: '2026-03-05T10:00', summary: 'Again' })
      await user01.post(paths.serviceRequestEvent(id, 'cancel'))
      const record = await user01.get(paths.serviceRequest(id))
      const form = await user01.get(record.link('Copy to new request'))
      expect(form.field('Target Environment')).toBe('10000-DEV')
      expect(form.field('Summary')).toBe('Again')
      expect(form.field('Requested Start')).toBe('')
      const copy = await user01.press(form, 'Save')
      const number = Number(/\d+/.exec(copy.heading)?.[0])
      expect((await requestNow(world, number)).copied_from).toBe(id)
    })

    test('fails with words on what now, and a support case to send', async () => {
      const [id = 0] = await addRequests(world.deps.db, [
        requestRow({
          status: 'FAILED',
          reason: 'Step “Stop”: exit status 3',
          actual_start: world.clock.instant(),
        }),
      ])
      for (const page of [
        await user01.get(paths.serviceRequest(id)),
        await user01.get(paths.serviceRequestLog(id)),
      ]) {
        expect(page.text).toContain(`Please complete this action: ${restart} on 10000-DEV`)
        expect(page.text).toContain('This action was attempted via the self-service portal.')
        expect(page.text).toContain('Step “Stop”: exit status 3')
      }
      expect((await user01.get(paths.serviceRequest(id))).text).toContain('What now?')
    })

    test('only offers in words what the reader can do', async () => {
      const ids = await addRequests(world.deps.db, [
        requestRow({ status: 'RESOLVED', reason: '' }),
        requestRow({ status: 'FAILED', reason: 'Step “Stop”: exit status 3' }),
        requestRow({ status: 'MISSED', reason: 'Nobody worked.' }),
      ])
      const words = async (agent: Agent) =>
        Promise.all(
          ids.map(
            async id =>
              (await agent.get(paths.serviceRequest(id))).document.getElementById('request-now')?.text ?? '',
          ),
        )
      const [resolved, failed, missed] = await words(user01)
      expect(resolved).toContain('Close it when you are content with the result.')
      expect(failed).toContain('press Copy to new request')
      expect(missed).toContain('press Copy to new request')
      const others = (await words(user02)).join(' ')
      expect(others).toContain('Open a support case with the text below.')
      expect(others).not.toMatch(/Close it|press Copy/)
    })

    test('shows its place in the queue and what it waits for', async () => {
      const [holder = 0] = await addRequests(world.deps.db, [
        requestRow({ status: 'UNKNOWN', holds_lock: 1, actual_start: world.clock.instant() }),
      ])
      const id = await queued(world)
      const page = await user01.get(paths.serviceRequest(id))
      expect(page.text).toMatch(/Place \d+ in the queue of this environment/)
      expect(page.link(`service request ${holder}`)).toBe(paths.serviceRequest(holder))
      const settle = await manager01.get(
        (await manager01.get(paths.serviceRequest(holder))).link('Settle as RESOLVED'),
      )
      const empty = await manager01.press(settle, 'Settle as RESOLVED')
      expect(empty.status).toBe(422)
      expect(empty.errorOf('Reason')).toContain('Give a reason.')
      const done = await manager01.fillIn(empty, { Reason: 'It answers again' }, 'Settle as RESOLVED')
      expect(factOf(done, 'Status')).toBe('RESOLVED')
      expect(done.text).toContain('Settled as RESOLVED by Manager 01: It answers again')
    })
  })

  describe('who may what', () => {
    const pages = (id: number) => [
      paths.serviceRequest(id),
      paths.serviceRequestLog(id),
      paths.serviceRequestLogDownload(id),
      paths.serviceRequestLogStream(id),
      paths.serviceRequestEvent(id, 'cancel'),
    ]

    test('outsiders find nothing', async () => {
      const id = await saved(world)
      for (const page of pages(id)) expect((await user03.get(page)).status).toBe(404)
      for (const act of ['queue', 'take-back', 'cancel', 'close', 'settle-failed', 'abort', ''])
        expect((await user03.post(`${paths.serviceRequest(id)}${act && `/${act}`}`)).status).toBe(404)
      expect((await user03.post(paths.serviceRequestNotes(id), { summary: 'x' })).status).toBe(404)
      const list = await user03.get(paths.serviceRequests())
      expect(list.text).not.toContain('10000-DEV')
      const csv = await user03.get(paths.serviceRequestsCsv())
      expect(csv.body).not.toContain('10000-DEV')
    })

    test('who sees it but may not act is told so', async () => {
      const id = await saved(world)
      expect((await user02.get(paths.serviceRequest(id))).buttons).not.toContain('Queue Request')
      for (const act of ['queue', 'cancel', 'abort'])
        expect((await user02.post(paths.serviceRequestEvent(id, act))).status).toBe(403)
      expect((await user02.post(paths.serviceRequest(id), { version: '1' })).status).toBe(403)
      expect((await user02.post(paths.serviceRequestNotes(id), { summary: 'x' })).status).toBe(403)
      expect(await statusOf(world, id)).toBe('NEW')
    })

    test('nobody is signed in: every page leads to sign-in', async () => {
      const stranger = visitor(world)
      for (const page of [
        paths.home(),
        paths.serviceRequests(),
        paths.newServiceRequest(),
        paths.serviceRequest(1),
      ])
        expect((await stranger.get(page)).heading).toBe('Sign in')
    })

    test.each(['0', 'abc', '1e3', '-1', '99999999999999999999', '1%20or%201=1', '%00'])(
      'there is no service request %s',
      async id => {
        expect((await user01.get(`/service-requests/${id}`)).status).toBe(404)
        expect((await user01.get(`/service-requests/${id}/log`)).status).toBe(404)
      },
    )

    test('an act that does not exist is not found', async () => {
      const id = await saved(world)
      await user01.get(paths.serviceRequest(id))
      expect((await user01.post(paths.serviceRequestEvent(id, 'explode'))).status).toBe(404)
      expect((await user01.get(paths.serviceRequestEvent(id, 'pick-up'))).status).toBe(404)
    })

    test('a form without its token, or with another’s, changes nothing', async () => {
      const before = await count()
      const fields = { target_environment: '10000-DEV', requested_action: restart }
      expect((await user01.post(paths.serviceRequests(), { ...fields, csrf: '' })).status).toBe(403)
      const other = (await user02.get(paths.newServiceRequest())).csrf
      expect((await user01.post(paths.serviceRequests(), { ...fields, csrf: other })).status).toBe(403)
      expect(await count()).toBe(before)
    })

    test('a form sent after sign-out comes back to the same person, unsaved', async () => {
      const agent = await signIn(world, 'user01')
      const form = await agent.get(paths.newServiceRequest())
      await agent.press(form, 'Sign out')
      const before = await count()
      await agent.fillIn(form, fill({ Summary: 'Typed before' }), 'Save')
      const back = await agent.fillIn(
        agent.page ?? form,
        { 'Login ID': 'user01@example.com', Password: 'correct horse battery' },
        'Sign in',
      )
      expect(back.heading).toBe('New Service Request')
      expect(back.field('Summary')).toBe('Typed before')
      expect(back.field('Target Environment')).toBe('10000-DEV')
      expect(await count()).toBe(before)
    })
  })

  describe('the Work Log', () => {
    test('takes notes by New Row; those of operators can stay among them', async () => {
      const id = await saved(world)
      const form = await user01.press(paths.serviceRequestLog(id), 'New Row')
      const wrong = await user01.fillIn(form, { Details: 'Only details' }, 'Save')
      expect(wrong.errorOf('Summary')).toBe('Fill in Summary.')
      expect(wrong.field('Details')).toBe('Only details')
      const log = await user01.fillIn(wrong, { Summary: 'Users are told' }, 'Save')
      const row = log.table('Work Log table').find(cells => cells.includes('Users are told'))
      expect(row).toEqual(expect.arrayContaining(['SR', 'User 01']))
      const own = await operator.press(paths.serviceRequestLog(id), 'New Row')
      await operator.fillIn(own, { Summary: 'Only for us', 'Viewable?': false }, 'Save')
      const forAll = await operator.press(paths.serviceRequestLog(id), 'New Row')
      const seen = await operator.fillIn(forAll, { Summary: 'For everybody' }, 'Save')
      expect(seen.text).toContain('Only for us')
      const customers = await user01.get(paths.serviceRequestLog(id))
      expect(customers.text).toContain('For everybody')
      expect(customers.text).not.toContain('Only for us')
      expect(customers.text).not.toContain('Operator 01')
    })
  })

  describe('the list', () => {
    test.each([
      ['service_request', '12x', /is not the beginning of a Service Request number/],
      ['service_request', "'; drop table", /is not the beginning/],
      ['service_request', '%', /is not the beginning/],
      ['status', 'DONE', /“DONE” is not a Status/],
      ['reported_date_from', 'yesterday', /is not a day/],
      ['requested_start_to', '2026-02-31', /is not a day/],
    ])('a filter %s=%s is answered in words', async (name, value, message) => {
      const page = await user01.get(paths.serviceRequests({ [name]: value }))
      expect(page.status).toBe(422)
      expect(page.problems.join(' ')).toMatch(message)
      expect((await user01.get(paths.serviceRequestsCsv({ [name]: value }))).status).toBe(422)
      expect((await user01.get(paths.home({ [name]: value }))).status).toBe(422)
    })

    test('taken literally, %, _ and quotes find what contains them', async () => {
      await saved(world, { summary: '100%_done\'"' })
      for (const summary of ['0%', '%_', '\'"', '100%_DONE']) {
        const page = await user01.get(paths.serviceRequests({ summary }))
        expect(page.table('Service Requests table')).toHaveLength(1)
      }
      const none = await user01.get(paths.serviceRequests({ summary: "'; drop table service_requests --" }))
      expect(none.text).toContain('Nothing matches these filters.')
      expect(await count()).toBeGreaterThan(0)
    })

    test('goes on and back, page by page', async () => {
      await addRequests(
        world.deps.db,
        Array.from({ length: 45 }, () => requestRow({ summary: 'Paged' })),
      )
      const first = await user01.get(paths.serviceRequests({ summary: 'paged' }))
      expect(first.text).toContain('1 - 20 of 45')
      const second = await user01.get(first.link('Next page'))
      expect(second.text).toContain('21 - 40 of 45')
      const third = await user01.get(second.link('Next page'))
      expect(third.text).toContain('41 - 45 of 45')
      const back = await user01.get((await user01.get(third.link('Previous page'))).link('Previous page'))
      expect(back.table('Service Requests table')).toEqual(first.table('Service Requests table'))
      const csv = await user01.get(first.link('Download'))
      expect(csv.headers['content-type']).toContain('text/csv')
      expect(csv.body.trimEnd().split('\r\n')).toHaveLength(46)
    })

    test.each(['after=x', 'after=99999999999999999999', 'sort=drop', 'from=-3', 'sort=-status&after=3.'])(
      'nonsense in the address (%s) still shows the list',
      async query => {
        expect((await user01.get(`${paths.serviceRequests()}?${query}`)).status).toBe(200)
      },
    )
  })
})
