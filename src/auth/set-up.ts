import type { Deps } from '../deps.ts'
import { addFirstOperator, type FirstOperator, hasPersons } from '../people/first-operator.ts'
import { loginIdProblem } from '../people/login-id.ts'
import { invalid, notFound, ok, type Result } from '../result.ts'
import { newLink, useUp } from './links.ts'
import { passwordProblem } from './password-rules.ts'
import { hashPassword } from './passwords.ts'
import { recordOwnAct } from './record-own-act.ts'

/** On an empty database: a link to make the first operator, for whoever started the portal. Else null. */
export async function setUpLink(deps: Deps): Promise<string | null> {
  return deps.db
    .transaction()
    .execute(async tx => ((await hasPersons(tx)) ? null : newLink(tx, deps, null, 'set-up')))
}

/** Uses the set-up link up and makes the first operator. */
export async function setUp(
  deps: Deps,
  token: string,
  facts: FirstOperator,
  password: string,
  requestId: string,
): Promise<Result<void>> {
  const login = loginIdProblem(facts.login_id)
  if (login) return invalid({ login_id: login })
  const wrong = passwordProblem(password, facts.login_id)
  if (wrong) return invalid({ password: wrong })
  const hash = await hashPassword(password)
  return deps.db.transaction().execute(async tx => {
    if ((await hasPersons(tx)) || !(await useUp(tx, deps, token))) return notFound()
    const operator = await addFirstOperator(tx, deps, facts, hash)
    await recordOwnAct(tx, deps, operator, 'portal set up', requestId, { ...facts })
    return ok(undefined)
  })
}
