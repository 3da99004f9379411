import type { VisibleNotice } from '../../src/notices/queries.ts'
import { paths } from '../../src/paths.ts'
import type { WaitingForMe } from '../../src/start-center/queries.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { BulletinBoard } from './bulletin-board.tsx'
import { ResultSet, type ResultSetProps } from './result-set.tsx'
import { Waiting } from './waiting.tsx'

interface NavLink {
  label: string
  href: string
}

interface StartCenterProps extends Omit<ResultSetProps, 'chrome'> {
  chrome: Chrome
  favorites: readonly NavLink[]
  recent: readonly NavLink[]
  notices: readonly VisibleNotice[]
  waiting: WaitingForMe
}

/** Where everybody begins: what to start, what waits, what is new. */
export const StartCenterPage = (props: StartCenterProps) => (
  <Page chrome={props.chrome} title="Start Center" wrong={Object.keys(props.errors).length > 0}>
    <div class="start-center">
      <div class="start-side">
        <Card title="Quick Insert">
          <ButtonLink href={paths.newServiceRequest()} kind="primary" icon="plus" attrs={{ 'data-key': 'n' }}>
            New Service Request
          </ButtonLink>
        </Card>
        <Waiting {...props} />
        <Card title="Favorite Applications">
          <NavList
            links={props.favorites}
            none="Press the star beside the title of a page to have it here."
          />
        </Card>
        <Card title="My Recent Applications">
          <NavList links={props.recent} none="The pages you open from the menu are listed here." />
        </Card>
      </div>
      <div class="start-main">
        <BulletinBoard {...props} />
        <ResultSet {...props} />
      </div>
    </div>
  </Page>
)

const NavList = ({ links, none }: { links: readonly NavLink[]; none: string }) =>
  links.length === 0 ? (
    <p class="soft">{none}</p>
  ) : (
    <ul class="link-list">
      {links.map(link => (
        <li>
          <a href={link.href}>{link.label}</a>
        </li>
      ))}
    </ul>
  )
