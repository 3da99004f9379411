import type { VisibleNotice } from '../../src/notices/queries.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { Form } from '../ui/form.tsx'
import { Time } from '../ui/time.tsx'

/** A post of the Bulletin Board. */
export const NoticePage = ({ chrome, notice }: { chrome: Chrome; notice: VisibleNotice }) => (
  <Page
    chrome={chrome}
    title={notice.subject}
    crumbs={[{ label: 'Bulletin Board', href: `${paths.home()}#bulletin-board` }]}
    width="reading"
  >
    <Facts
      items={[
        { label: 'Post Date', value: <Time at={notice.posted_at} zone={zoneOf(chrome)} look="full" /> },
        {
          label: 'Expiration Date',
          value: <Time at={notice.expires_at} zone={zoneOf(chrome)} look="full" none="never" />,
        },
        {
          label: 'Viewed',
          value: notice.viewed_at ? <Time at={notice.viewed_at} zone={zoneOf(chrome)} look="full" /> : 'No',
        },
      ]}
    />
    {notice.message.split(/\n{2,}/).map(paragraph => (
      <p class="as-typed">{paragraph}</p>
    ))}
    {notice.viewed_at === null && (
      <Form chrome={chrome} action={paths.notice(notice.id)} look="inline">
        <Button kind="primary">Mark as viewed</Button>
      </Form>
    )}
  </Page>
)
