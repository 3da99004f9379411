/** The application of an environment, as the process executor supervises it. Values come from the asset's variables. */
export const application = {
  process: 'Asset Management on {{asset.id}}',
  argv: ['{{asset.node}}', '{{asset.program}}'],
  env: {
    ENVIRONMENT: '{{asset.id}}',
    PORT: '{{asset.port}}',
    REGISTER: '{{asset.register}}',
  },
  folder: '{{asset.folder}}',
  output: '{{asset.log}}',
} as const

const step = (operation: 'start' | 'stop' | 'check', name: string, healthUrl?: string) => ({
  name,
  executor: 'process',
  operation,
  ...application,
  ...(healthUrl ? { healthUrl } : {}),
  timeLimit: 60,
})
const announce = (message: string) => ({
  name: 'Announce it in the application',
  executor: 'command',
  argv: ['{{asset.node}}', '{{asset.announce}}', '{{asset.url}}', message],
  timeLimit: 30,
})
const diskSpace = {
  name: 'Look for free disk space',
  executor: 'command',
  argv: ['df', '-h', '{{asset.folder}}'],
  timeLimit: 30,
}
const stop = step('stop', 'Stop the application')
const lastWords = {
  name: 'Show how it stopped',
  executor: 'command',
  argv: ['tail', '-n', '4', '{{asset.log}}'],
  timeLimit: 30,
}
/** In three steps, so that the log shows the application's own lines while it starts. */
const start = [
  step('start', 'Start the application'),
  {
    name: 'Follow its start',
    executor: 'command',
    argv: ['{{asset.node}}', '{{asset.follow}}', '{{asset.log}}', '{{asset.health}}'],
    timeLimit: 60,
  },
  step('check', 'Check that it answers', '{{asset.health}}'),
]

export interface DemoRunbook {
  action: string
  name: string
  description: string
  /** RunbookDefinition (src/automation/runbook.ts). */
  definition: Readonly<Record<string, unknown>>
}

export const demoRunbooks: readonly DemoRunbook[] = [
  {
    action: 'start-application',
    name: 'Start Asset Management Application',
    description: 'Starts the application and waits until it answers.',
    definition: { steps: [diskSpace, ...start], safeToRepeat: true },
  },
  {
    action: 'stop-application',
    name: 'Stop Asset Management Application',
    description: 'Tells whoever works in the application, then stops it.',
    definition: {
      steps: [
        announce('The application is being stopped (service request {{request.id}}).'),
        stop,
        lastWords,
      ],
      safeToRepeat: true,
    },
  },
  {
    action: 'restart-application',
    name: 'Restart Asset Management Application',
    description: 'Tells whoever works in the application, stops it, starts it and waits until it answers.',
    definition: {
      steps: [
        announce('The application is being restarted (service request {{request.id}}).'),
        stop,
        lastWords,
        ...start,
      ],
    },
  },
  {
    action: 'show-application-log',
    name: 'Show Application Log',
    description: 'Prints the last lines of the application’s log.',
    definition: {
      steps: [
        {
          name: 'Print the end of the log',
          executor: 'command',
          argv: ['tail', '-n', '{{field.lines}}', '{{asset.log}}'],
          timeLimit: 60,
        },
      ],
      safeToRepeat: true,
    },
  },
]

/** An action as an operator would define it: read-only, with a form field of its own. */
export const showLogAction = {
  id: 'show-application-log',
  name: 'Show Application Log',
  description: 'Puts the last lines of the application’s log into the log of the request. Changes nothing.',
  aliases: ['Application Log', 'Show Log'],
  fields: [
    {
      name: 'lines',
      label: 'Number of lines',
      type: 'select',
      required: true,
      hint: 'Counted from the end of the log.',
      options: [
        { value: '20', label: '20 lines' },
        { value: '200', label: '200 lines' },
        { value: '2000', label: '2,000 lines' },
      ],
      default: '20',
    },
  ],
} as const
