/** What every mail about a service request tells. */
export interface RequestMail {
  number: number
  action: string
  environment: string
  summary: string
  /** Name of the person it goes to. */
  name: string
  /** Full address of the request. */
  address: string
}

export interface MailText {
  subject: string
  body: string
}

/** Greeting, what happened, which request, where to look. */
export const requestMail = (about: RequestMail, subject: string, ...paragraphs: string[]): MailText => ({
  subject: `Service request ${about.number}: ${subject}`,
  body: [
    `Hello ${about.name},`,
    ...paragraphs,
    [
      `Service Request: ${about.number}`,
      `Environment:     ${about.environment}`,
      `Action:          ${about.action}`,
      `Summary:         ${about.summary}`,
    ].join('\n'),
    about.address,
    'You get this mail because you made the request. Which mails you get is set on your Profile.',
  ].join('\n\n'),
})
