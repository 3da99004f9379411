import { paths } from '../../src/paths.ts'
import type { Agent } from './agent.ts'
import type { ShownPage } from './shown-page.ts'

/** From the Start Center, by the menu, as every how-to begins: the List View. */
export async function openAccessManagement(agent: Agent): Promise<ShownPage> {
  const start = await agent.get(paths.home())
  return agent.get(start.link('Access Management'))
}

/** Selects a Login ID in the List View: Person Information, or another tab of the record. */
export async function openRecord(agent: Agent, loginId: string, tab = 'Person Information') {
  const list = await openAccessManagement(agent)
  const record = await agent.get(list.link(loginId))
  return agent.get(record.link(tab))
}

/** Login IDs in the List View. */
export const listedIn = async (agent: Agent): Promise<string[]> =>
  (await openAccessManagement(agent)).table('Persons table').map(row => row[0] ?? '')

/** "manager01@example.com: Access request …" of the mails since. */
export const mailWords = (mails: readonly { to_address: string; subject: string }[]) =>
  mails.map(mail => `${mail.to_address}: ${mail.subject}`)
