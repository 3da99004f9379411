import { z } from 'zod'

const typed = (words: string, max = 1000) =>
  z.string(words).min(1, words).max(max, `Use at most ${max} characters here.`)

/** A path to go on to; checked where it is used. */
const returnTo = z.string().max(2000).optional().catch(undefined)

export const SignInForm = z.object({
  login_id: typed('Fill in your Login ID.', 254),
  password: typed('Fill in your password.'),
  return_to: returnTo,
})

export const IdentifyForm = z.object({ password: typed('Fill in your password.'), return_to: returnTo })

export const ForgottenForm = z.object({ login_id: typed('Fill in your Login ID.', 254) })

const newPassword = {
  password: typed('Fill in the new password.'),
  password_again: typed('Fill in the new password once more.'),
}
const same = (form: { password: string; password_again: string }) => form.password === form.password_again
const notSame = { path: ['password_again'], error: 'The two passwords differ. Type both again.' }

export const NewPasswordForm = z.object(newPassword).refine(same, notSame)

export const ChangePasswordForm = z
  .object({ current_password: typed('Fill in your present password.'), ...newPassword })
  .refine(same, notSame)

const name = (words: string) =>
  z.string(words).trim().min(1, words).max(100, 'Use at most 100 characters here.')

export const SetUpForm = z
  .object({
    login_id: z.string('Fill in the Login ID.').trim().min(1, 'Fill in the Login ID.'),
    first_name: name('Fill in your first name.'),
    last_name: name('Fill in your last name.'),
    ...newPassword,
  })
  .refine(same, notSame)
