import { z } from 'zod'
import type { RecordPageProps } from '../../views/service-requests/record-page.tsx'
import type { RequestPageProps } from '../../views/service-requests/request-page.tsx'
import { actorWords, historyOf } from '../audit/queries.ts'
import { readLines } from '../automation/run-log.ts'
import { latestRun, stepsOfRun } from '../automation/runs.ts'
import { nowInstant } from '../clock.ts'
import type { Deps } from '../deps.ts'
import { paths } from '../paths.ts'
import { type Actor, can } from '../policy.ts'
import { type ActionField, actionFields, fieldValues } from './action-fields.ts'
import { managersOf } from './environments.ts'
import type { ServiceRequest, VisibleRequest } from './find-request.ts'
import { missedAt } from './lateness.ts'
import { actionFieldsOf, environmentOf } from './queries.ts'
import { waitsFor } from './queue-place.ts'
import { startWords } from './requested-start.ts'
import { canHappen, copyable, serviceRequestActs } from './service-request-states.ts'
import { type SupportCase, supportCase } from './support-case.ts'

const EXCERPT_LINES = 20

/** What a person may do with a request, as the buttons of both tabs show it. */
export function frameView(
  actor: Actor,
  { request, subject }: VisibleRequest,
): Omit<RequestPageProps, 'chrome'> {
  return {
    request,
    acts: serviceRequestActs.filter(
      act => canHappen(act, request.status) && can(actor, `service-request.${act}`, subject),
    ),
    mayAbort: request.status === 'INPROG' && can(actor, 'service-request.abort'),
    mayCopy: copyable.includes(request.status) && can(actor, 'service-request.copy', subject),
  }
}

/** Everything that the tab Service Request shows, but the form. */
export async function recordView(
  deps: Deps,
  actor: Actor,
  visible: VisibleRequest,
): Promise<Omit<RecordPageProps, 'chrome' | 'form'>> {
  const { request } = visible
  const environment = await environmentOf(deps.db, request.asset_id)
  const queued = request.status === 'QUEUED'
  const failed = request.status === 'FAILED' || request.status === 'UNKNOWN'
  return {
    ...frameView(actor, visible),
    environment,
    entered: entered(
      actionFields.parse(JSON.parse(await actionFieldsOf(deps.db, request.action_id))),
      request,
    ),
    startWords: startWordsOf(request, actor),
    history: (await historyOf(deps.db, 'service-request', request.id)).map(entry => ({
      ...entry,
      who: actorWords(actor, entry),
    })),
    waiting: queued ? await waitsFor(deps.db, request, nowInstant(deps.clock)) : null,
    missedAt: queued ? missedAt(request, deps.config) : null,
    supportCase: await supportCaseFor(deps, request),
    managers: failed ? await managersOf(deps.db, [request.customer_id]) : [],
    now: deps.clock.now(),
  }
}

/** In the zone in which it was chosen, which need not be the reader's. */
export const startWordsOf = (request: ServiceRequest, actor: Actor): string =>
  request.requested_start === null
    ? 'as soon as possible'
    : startWords(request.requested_start, request.requested_zone ?? actor.timeZone ?? 'UTC')

/** Labels and words instead of names and values; a field that is gone keeps its name. */
export function entered(fields: readonly ActionField[], request: Pick<ServiceRequest, 'fields'>) {
  const values = fieldValues.parse(JSON.parse(request.fields))
  return Object.entries(values).map(([name, value]) => {
    const field = fields.find(f => f.name === name)
    return { label: field?.label ?? name, value: wordsOf(field, value) }
  })
}

function wordsOf(field: ActionField | undefined, value: string): string {
  if (field?.type === 'checkbox') return value ? 'Yes' : 'No'
  return field?.options.find(option => option.value === value)?.label ?? value
}

/** Open a support case: for what has failed, or may have. */
export async function supportCaseFor(deps: Deps, request: ServiceRequest): Promise<SupportCase | null> {
  if (request.status !== 'FAILED' && request.status !== 'UNKNOWN') return null
  const run = await latestRun(deps.db, request.id)
  const steps = run ? await stepsOfRun(deps.db, run.id) : []
  const broken = steps.find(step => badStates.safeParse(step.state).success)
  const lines = run ? await readLines(deps.db, deps.config, run.id, { tail: EXCERPT_LINES }) : []
  return supportCase(deps.config, {
    request,
    environment: await environmentOf(deps.db, request.asset_id),
    step: broken?.name ?? null,
    excerpt: lines.map(line => line.text),
    address: `${deps.config.PUBLIC_URL}${paths.serviceRequestLog(request.id)}`,
  })
}

const badStates = z.enum(['failed', 'unknown', 'aborted'])
