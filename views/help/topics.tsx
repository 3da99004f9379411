import type { Child } from 'hono/jsx'
import { FailureHelp } from './failure.tsx'
import type { HelpTopic } from './help-page.tsx'
import { KeyboardHelp } from './keyboard.tsx'
import { ObtainingAccessHelp } from './obtaining-access.tsx'
import { ReviewingResultsHelp } from './reviewing-results.tsx'
import { SettingUpHelp } from './setting-up.tsx'
import { SigningInHelp } from './signing-in.tsx'
import { SubmittingHelp } from './submitting.tsx'
import { SupportedRequestsHelp } from './supported-requests.tsx'
import { TimeZonesHelp } from './time-zones.tsx'

/** What a page of the guide may tell about this portal, besides its text. */
export interface HelpFacts {
  /** Actions in use, with where they may run; empty before sign-in. */
  actions: readonly { name: string; description: string; production: 'no' | 'per-asset' | 'yes' }[]
  /** Managers of the reader's customers, by name. */
  managers: readonly string[]
  /** The reader's zone; null: none chosen. */
  zone: string | null
  /** Minutes a request may start late. */
  lateLimit: number
  /** The rules for passwords, in words. */
  passwordHint: string
}

export interface GuidePage extends HelpTopic {
  body: (facts: HelpFacts) => Child
  /** Shown to operators only. */
  operators?: true
}

/** THE user guide: one row a page, in reading order. */
export const guide: readonly GuidePage[] = [
  {
    slug: 'submitting-a-service-request',
    title: 'Submitting a Service Request',
    about: 'Have something done on one of your environments, now or at a time you choose.',
    body: facts => <SubmittingHelp facts={facts} />,
  },
  {
    slug: 'reviewing-service-request-results',
    title: 'Reviewing Service Request Results',
    about: 'Find a request again, see how far it is, and read its log.',
    body: () => <ReviewingResultsHelp />,
  },
  {
    slug: 'in-the-event-of-a-failure',
    title: 'In the event of a failure',
    about: 'What a failed, missed or lost request means, and what to do then.',
    body: facts => <FailureHelp facts={facts} />,
  },
  {
    slug: 'supported-requests',
    title: 'Supported Requests',
    about: 'What can be requested, and on which environments.',
    body: facts => <SupportedRequestsHelp facts={facts} />,
  },
  {
    slug: 'obtaining-access',
    title: 'Obtaining Access To Self-Service Automation',
    about: 'What you need before you can submit service requests, and whom to ask.',
    body: facts => <ObtainingAccessHelp facts={facts} />,
  },
  {
    slug: 'signing-in-and-passwords',
    title: 'Signing in and passwords',
    about: 'Your first sign-in, a forgotten password, and being signed out.',
    body: facts => <SigningInHelp facts={facts} />,
  },
  {
    slug: 'time-zones',
    title: 'Time zones',
    about: 'Which clock the portal means, and what happens when clocks change.',
    body: facts => <TimeZonesHelp facts={facts} />,
  },
  {
    slug: 'setting-up-a-customer',
    title: 'Setting up a customer',
    about: 'From a new customer to the first request that runs. For operators.',
    body: () => <SettingUpHelp />,
    operators: true,
  },
  {
    slug: 'keyboard',
    title: 'Keyboard shortcuts',
    about: 'Everything works with the keyboard alone; these keys make it quicker.',
    body: () => <KeyboardHelp />,
  },
]
