import { z } from 'zod'
import { emailAddress, line, optionalLine, optionalWebAddress, orNull, timeZone, upperId } from './fields.ts'

const chooseStatus = 'Choose a Status.'

export const CustomerForm = z.object({
  name: line('Type the customer’s name.', 100),
  parent_id: optionalLine(20).transform(text => orNull(text.toUpperCase())),
  status: z.enum(['ACTIVE', 'INACTIVE'], chooseStatus).default('ACTIVE'),
})
export const NewCustomerForm = z.object({ id: upperId('an id', '10000', 20), ...CustomerForm.shape })

/** Without its Customer Access List, which is read row by row. */
export const PersonForm = z
  .object({
    login_id: emailAddress('Type the Login ID: an e-mail address.'),
    first_name: line('Type the first name.', 80),
    last_name: line('Type the last name.', 80),
    display_name: optionalLine(160),
    primary_email: emailAddress('Type the e-mail address mails are sent to.'),
    role: z.enum(['OPERATOR', 'MANAGER', 'STD_USER'], 'Choose a Role.'),
    managing_customer_id: optionalLine(20).transform(text => orNull(text.toUpperCase())),
  })
  .transform(({ display_name, ...person }) => ({
    ...person,
    display_name: display_name === '' ? `${person.first_name} ${person.last_name}` : display_name,
  }))
export const PersonCode = z.object({
  id: upperId('a code', 'USER01', 30).refine(
    code => code !== 'NEW',
    'NEW can’t be a code. Choose another one.',
  ),
})

export const AssetForm = z.object({
  customer_id: upperId('the id of a customer', '10000', 20),
  description: line('Say what this environment is for.', 200),
  class: z.enum(['NON_PRODUCTION', 'PRODUCTION'], 'Choose a Class.'),
  product: line('Type the product that runs there.', 100),
  time_zone: timeZone,
  status: z.enum(['ACTIVE', 'RETIRED'], chooseStatus).optional(),
  application_url: optionalWebAddress,
  health_url: optionalWebAddress,
})
export const AssetId = z.object({ id: upperId('an id', '10000-DEV', 40) })

export const ActionForm = z.object({
  name: line('Type a name; people choose the action by it.', 100),
  description: optionalLine(500),
  aliases: z.string().default(''),
  mode: z.enum(['exclusive', 'read-only'], 'Choose a Mode.'),
  production: z.enum(['no', 'per-asset', 'yes'], 'Choose where it may run.'),
  products: z.string().default(''),
  sort: z
    .string()
    .default('')
    .transform(text => Number(text.trim() || '100'))
    .pipe(z.number().int('Use a whole number.').min(0, 'Use 0 or more.').max(100_000, 'Use at most 100000.')),
})
export const ActionId = z.object({
  id: line('Type an id, such as clear-cache.', 40).refine(
    text => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text) && text !== 'new',
    'Use small letters, digits and hyphens, such as clear-cache (but not “new”).',
  ),
})

export const RunbookForm = z.object({
  name: line('Type a name.', 100),
  description: optionalLine(500),
  definition: z
    .string()
    .max(200_000, 'Use at most 200,000 characters.')
    .transform(text => text.trim()),
})

export const NoticeForm = z.object({
  subject: line('Type a subject.', 150),
  message: z.string().trim().min(1, 'Type the message.').max(4000, 'Use at most 4,000 characters.'),
  customer_id: optionalLine(20).transform(text => orNull(text.toUpperCase())),
  expires_at: z.string().trim().default(''),
})
