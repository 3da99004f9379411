import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

interface FindPageProps {
  chrome: Chrome
  query: string
  found: readonly { label: string; href: string; group?: string }[]
}

/** What "Find navigation item" found, when it is not exactly one. */
export const FindPage = ({ chrome, query, found }: FindPageProps) => (
  <Page chrome={chrome} title="Find navigation item" width="reading">
    {found.length === 0 ? (
      <EmptyState
        title={`No page is called “${query}”.`}
        action={<ButtonLink href={paths.findNavigation()}>Show all pages</ButtonLink>}
      >
        Pages are found by the beginning of any word of their name. Service requests are found in their own
        list.
      </EmptyState>
    ) : (
      <>
        <p>{query === '' ? 'All pages you may open:' : `Pages for “${query}”:`}</p>
        <ul>
          {found.map(entry => (
            <li>
              <a href={entry.href}>{entry.group ? `${entry.group} › ${entry.label}` : entry.label}</a>
            </li>
          ))}
        </ul>
      </>
    )}
  </Page>
)
