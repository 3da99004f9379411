import type { MailText } from './service-request.ts'

interface GrantedCustomer {
  name: string
  loginId: string
  /** Id and name. */
  customer: string
  /** The account had been INACTIVE. */
  reactivated: boolean
  /** Of the person's record. */
  address: string
}

/** Somebody who has an account already was given another customer. */
export const customerGranted = ({
  name,
  loginId,
  customer,
  reactivated,
  address,
}: GrantedCustomer): MailText => ({
  subject: reactivated
    ? 'Your account in Gatehouse is active again'
    : `You have access to customer ${customer}`,
  body: [
    `Hello ${name},`,
    reactivated
      ? `your account ${loginId} in Gatehouse, the self-service portal, is active again, and you have access to customer ${customer}. Accesses you had before have not come back: request what you need.`
      : `you have been given access to customer ${customer} in Gatehouse, the self-service portal. Sign in as before, with ${loginId}.`,
    address,
    'If you have forgotten your password, choose “Forgotten your password?” on the sign-in page.',
  ].join('\n\n'),
})
