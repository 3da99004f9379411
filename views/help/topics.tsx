import type { Child } from 'hono/jsx'
import { ApproveHelp, RevalidationHelp } from './access-approving.tsx'
import { ObtainingToolHelp } from './access-obtaining.tsx'
import { AccessOverviewHelp } from './access-overview.tsx'
import { RemoveAccessHelp, RemoveCustomerHelp } from './access-removal.tsx'
import { RequestCommunicationsHelp } from './access-request-communications.tsx'
import { RequestFileAccessHelp, RequestLogAccessHelp } from './access-request-storage.tsx'
import { SupportedAccessHelp } from './access-supported.tsx'
import { CreateUserHelp, GrantCustomerHelp, PromoteHelp } from './access-users.tsx'
import { ResetPasswordHelp, ServiceAccountHelp, UserAccountHelp } from './database-accounts.tsx'
import { DriftHelp } from './drift-report.tsx'
import { FailureHelp } from './failure.tsx'
import type { HelpTopic } from './help-page.tsx'
import { KeyboardHelp } from './keyboard.tsx'
import { ObtainingAccessHelp } from './obtaining-access.tsx'
import { ReviewingResultsHelp } from './reviewing-results.tsx'
import { SettingUpHelp } from './setting-up.tsx'
import { SettingUpDatabasesHelp } from './setting-up-databases.tsx'
import { SigningInHelp } from './signing-in.tsx'
import { SubmittingHelp } from './submitting.tsx'
import { SupportedRequestsHelp } from './supported-requests.tsx'
import { TimeZonesHelp } from './time-zones.tsx'
import { TransferHelp } from './transfer-account.tsx'

/** What a page of the guide may tell about this portal, besides its text. */
export interface HelpFacts {
  /** Actions in use, with where they may run; empty before sign-in. */
  actions: readonly { name: string; description: string; production: 'no' | 'per-asset' | 'yes' }[]
  /** Access types that can be requested; empty before sign-in. */
  accessTypes: readonly { name: string; description: string; kind: string; scope: 'asset' | 'customer' }[]
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
    slug: 'access-management-tool-overview',
    title: 'Access Management Tool Overview',
    about: 'Roles, tabs and statuses of the Access Management tool.',
    body: () => <AccessOverviewHelp />,
  },
  {
    slug: 'obtaining-access-to-the-access-management-tool',
    title: 'Obtaining Access to the Access Management Tool',
    about: 'Who adds you to the tool, and how you get in.',
    body: facts => <ObtainingToolHelp facts={facts} />,
  },
  {
    slug: 'supported-access-requests',
    title: 'Supported Access Requests',
    about: 'What can be requested, and what becomes of a request.',
    body: facts => <SupportedAccessHelp facts={facts} />,
  },
  {
    slug: 'how-to-request-ccc-access',
    title: 'How to Request CCC Access',
    about: 'Ask for the Client Communications Center of your organization, or for any other access.',
    body: () => <RequestCommunicationsHelp />,
  },
  {
    slug: 'how-to-request-a-database-service-account',
    title: 'How to Request a Database Service Account',
    about: 'A login for a program, on the database of an asset.',
    body: () => <ServiceAccountHelp />,
  },
  {
    slug: 'how-to-request-a-database-user-account',
    title: 'How to Request a Database User Account',
    about: 'A login for yourself, on the database of an asset.',
    body: () => <UserAccountHelp />,
  },
  {
    slug: 'how-to-reset-a-database-account-password',
    title: 'How to Reset a Database Account Password',
    about: 'A new password, chosen or generated, now or later.',
    body: () => <ResetPasswordHelp />,
  },
  {
    slug: 'how-to-transfer-a-database-service-account',
    title: 'How to Transfer a Database Service Account',
    about: 'Give a program’s login to another person, before somebody leaves.',
    body: () => <TransferHelp />,
  },
  {
    slug: 'how-to-request-object-storage-file-access',
    title: 'How to Request Object Storage File Access',
    about: 'List, download and upload the files of an asset.',
    body: () => <RequestFileAccessHelp />,
  },
  {
    slug: 'how-to-request-object-storage-log-access',
    title: 'How to Request Object Storage Log Access',
    about: 'List and download the logs of an asset.',
    body: () => <RequestLogAccessHelp />,
  },
  {
    slug: 'how-to-remove-a-users-access',
    title: "How to Remove a User's Access",
    about: 'End an access, your own or, as a manager, that of a user.',
    body: () => <RemoveAccessHelp />,
  },
  {
    slug: 'how-to-grant-an-existing-user-access-to-a-customer',
    title: 'How to Grant an Existing User Access to a Customer',
    about: 'Let somebody who has a Login ID work with your customer too. For managers.',
    body: () => <GrantCustomerHelp />,
  },
  {
    slug: 'how-to-remove-a-users-access-to-a-customer',
    title: "How to Remove a User's Access to a Customer",
    about: 'Take your customer off a user’s Customer Access List. For managers.',
    body: () => <RemoveCustomerHelp />,
  },
  {
    slug: 'how-to-create-a-new-user',
    title: 'How to Create a New User',
    about: 'Add somebody who has no Login ID yet. For managers.',
    body: () => <CreateUserHelp />,
  },
  {
    slug: 'how-to-promote-an-existing-user-to-manage-your-customer',
    title: 'How to Promote an Existing User to Manage Your Customer',
    about: 'Make a user a manager of your customer. For managers.',
    body: () => <PromoteHelp />,
  },
  {
    slug: 'how-to-approve-reject-an-access-request',
    title: 'How to Approve / Reject an Access Request',
    about: 'Decide about access requests. For managers.',
    body: () => <ApproveHelp />,
  },
  {
    slug: 'access-re-validation',
    title: 'Access Re-Validation',
    about: 'Confirm once a year which accesses you still need.',
    body: () => <RevalidationHelp />,
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
    slug: 'setting-up-a-database-server',
    title: 'Setting up a database server',
    about:
      'What the portal needs on PostgreSQL, MariaDB and others, and what to do after a failover. For operators.',
    body: () => <SettingUpDatabasesHelp />,
    operators: true,
  },
  {
    slug: 'the-drift-report',
    title: 'The drift report',
    about: 'Accounts on database servers that are not what the portal knows. For operators.',
    body: () => <DriftHelp />,
    operators: true,
  },
  {
    slug: 'keyboard',
    title: 'Keyboard shortcuts',
    about: 'Everything works with the keyboard alone; these keys make it quicker.',
    body: () => <KeyboardHelp />,
  },
]
