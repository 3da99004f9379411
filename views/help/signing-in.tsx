import { paths } from '../../src/paths.ts'
import type { HelpFacts } from './topics.tsx'

export const SigningInHelp = ({ facts }: { facts: HelpFacts }) => (
  <>
    <h2>The first time</h2>
    <ol>
      <li>You get a mail with a link. It can be used once, within 7 days.</li>
      <li>Open it, type a password twice and press the button.</li>
      <li>From then on, sign in with your Login ID, which is an e-mail address, and this password.</li>
    </ol>
    <p>{facts.passwordHint}</p>
    <h2>When you have forgotten it</h2>
    <p>
      Choose <a href={paths.forgotten()}>Forgotten your password?</a> on the sign-in page. If there is such a
      Login ID, a mail with a link goes to its e-mail address; it can be used once, within 2 hours. The page
      says the same for every Login ID, so that nobody can find out who is registered.
    </p>
    <h2>When signing in fails</h2>
    <p>
      After several failed attempts you are asked to wait, longer each time. You are never locked out for
      good. If it goes on, ask an operator to send you a new link.
    </p>
    <h2>Being signed out</h2>
    <p>
      A session ends after a while without a page being opened, and in any case after some hours. If a form is
      sent after that, sign in again: it comes back as you filled it in, not yet saved.
    </p>
    <p>
      Under <a href={paths.profile()}>Profile</a> you see where you are signed in, and can sign out
      everywhere. Changing your password signs you out everywhere else.
    </p>
    <h2>Identify again</h2>
    <p>For some acts you are asked for your password once more if you signed in more than 15 minutes ago.</p>
  </>
)
