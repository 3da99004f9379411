import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { signIn, visitor } from '../support/agent.ts'
import { createWorld, type World } from '../support/world.ts'

const fragment = { 'hx-request': 'true', 'hx-request-type': 'partial' }

/** htmx follows redirects by itself and puts whatever comes back into its place: each answer must suit that. */
describe('answers to htmx', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld('sqlite')
  })
  afterAll(() => world.close())

  test('a fragment that needs sign-in takes the whole page there', async () => {
    const answer = await visitor(world).send('GET', paths.profile(), undefined, fragment)
    expect(answer.headers['hx-redirect']).toBe(paths.signIn())
    expect(answer.body).toBe('')
  })

  test('a form of a session that ended does too', async () => {
    const user01 = await signIn(world, 'user01')
    const { csrf } = await user01.get(paths.profile())
    await user01.press(paths.profile(), 'Sign out')
    const fields = { csrf, theme: 'dark', time_zone: 'UTC' }
    const referer = `${world.config.PUBLIC_URL}${paths.profile()}`
    const answer = await user01.send('POST', paths.profile(), fields, { ...fragment, referer })
    expect(answer.headers['hx-redirect']).toContain(`${paths.signIn()}?return_to=%2Fprofile%3Fkept%3D`)
  })

  test('an error takes the place of the page’s content, not of the fragment', async () => {
    const user01 = await signIn(world, 'user01')
    const answer = await user01.send('GET', '/nothing', undefined, fragment)
    expect(answer.status).toBe(404)
    expect(answer.headers).toMatchObject({
      'hx-retarget': '#main',
      'hx-reselect': '#main',
      'hx-reswap': 'outerHTML',
    })
    expect(answer.document.querySelector('#main h1')?.textContent).toBe('Page not found')
  })

  test('a sentence for the next page is not lost to a fragment in between', async () => {
    const user01 = await signIn(world, 'user01')
    const { csrf } = await user01.get(paths.profile())
    await user01.send('POST', paths.profile(), { csrf, theme: 'dark', time_zone: 'UTC' })
    await user01.send('GET', paths.profile(), undefined, fragment)
    expect((await user01.get(paths.profile())).flash).toBe('Your profile is saved.')
    expect((await user01.get(paths.profile())).flash).toBe('')
  })

  test('nobody else puts a sentence into our mouth', async () => {
    const user01 = await signIn(world, 'user01')
    user01.cookies.set(
      'gatehouse_flash',
      `${Buffer.from('{"kind":"done","text":"Call 555"}').toString('base64url')}.x`,
    )
    expect((await user01.get(paths.profile())).text).not.toContain('Call 555')
  })
})
