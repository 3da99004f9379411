import { paths } from '../../src/paths.ts'
import type { HelpFacts } from './topics.tsx'

export const ObtainingToolHelp = ({ facts }: { facts: HelpFacts }) => (
  <>
    <ol>
      <li>
        <strong>Request access.</strong> A user managing the customer you want access to adds you to the tool.
        {facts.managers.length > 0
          ? ` The managers of your customers: ${facts.managers.join(', ')}.`
          : ' If you do not know who the managers are, ask the operators of this portal.'}
        <p class="help-note">
          A new customer should name at least two managers, one primary and one backup, with first name, last
          name and e-mail address. The operators of this portal set them up.
        </p>
      </li>
      <li>
        <strong>Set your password.</strong> You get a mail with a link that works once. See{' '}
        <a href={paths.helpPage('signing-in-and-passwords')}>Signing in and passwords</a>.
      </li>
      <li>
        <strong>Navigate to the tool.</strong> Once signed in, choose <strong>Security</strong> ›{' '}
        <strong>Access Management</strong> from the menu.
      </li>
    </ol>
  </>
)
