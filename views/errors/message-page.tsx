import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'

export interface MessagePageProps {
  chrome: Chrome
  title: string
  /** What happened, why, and what to do. */
  lines: readonly string[]
  /** The way on; the Start Center (or sign-in) when nothing better is known. */
  next?: { href: string; label: string }
  requestId: string
}

/** A page of words in place of the one asked for. */
export const MessagePage = ({ chrome, title, lines, next = wayOn(chrome), requestId }: MessagePageProps) => (
  <Page chrome={chrome} title={title} width="reading">
    {lines.map(line => (
      <p>{line}</p>
    ))}
    <p>
      <ButtonLink href={next.href} kind="primary">
        {next.label}
      </ButtonLink>
    </p>
    <p class="field-hint">
      If you ask for help, give this number: <code>{requestId}</code>
    </p>
  </Page>
)

const wayOn = (chrome: Chrome) =>
  chrome.actor
    ? { href: paths.home(), label: 'Go to the Start Center' }
    : { href: paths.signIn(), label: 'Sign in' }
