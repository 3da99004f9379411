import type { Row } from '../../db/schema.ts'
import { aroundLink } from '../../src/mail/link-place.ts'
import { mailStateWords } from '../../src/mail/mail-states.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { Facts } from '../ui/facts.tsx'
import { Form } from '../ui/form.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'
import { adminCrumbs } from './admin-crumb.ts'

interface Props {
  chrome: Chrome
  mail: Omit<Row<'mails'>, 'link'>
  /** Shown only while this page is the mailbox. */
  link: string | null
  mayResend: boolean
}

export const MailPage = ({ chrome, mail, link, mayResend }: Props) => (
  <Page
    chrome={chrome}
    title={mail.subject}
    crumbs={adminCrumbs.mail}
    badge={<StatusBadge status={mail.state} />}
    secondary={
      mayResend && (
        <Form chrome={chrome} action={paths.adminMailResend(mail.id)} look="inline">
          <Button icon="refresh">{mail.state === 'failed' ? 'Send again' : 'Send now'}</Button>
        </Form>
      )
    }
  >
    {mail.last_error && mail.state !== 'sent' && (
      <Callout kind="failed" title="It could not be delivered">
        <p>{mail.last_error}</p>
        {mail.state === 'queued' && <p>The portal tries again by itself.</p>}
      </Callout>
    )}
    <Facts
      items={[
        {
          label: 'To',
          value: mail.to_person ? (
            <>
              {mail.to_address} (<a href={paths.adminPerson(mail.to_person)}>{mail.to_person}</a>)
            </>
          ) : (
            mail.to_address
          ),
        },
        { label: 'State', value: `${mail.state}. ${mailStateWords[mail.state]}` },
        { label: 'Written', value: <Time at={mail.created_at} zone={zoneOf(chrome)} look="full" /> },
        { label: 'Sent', value: <Time at={mail.sent_at} zone={zoneOf(chrome)} look="full" none="not yet" /> },
        { label: 'Attempts', value: mail.attempts },
        { label: 'Message-ID', value: <code>{mail.message_id}</code> },
        { label: 'About', value: <About mail={mail} /> },
      ]}
    />
    <Card title="Text">
      <Text body={mail.body} link={link} />
    </Card>
  </Page>
)

/** The text as it is read in a mail program, with its link in place. */
const Text = ({ body, link }: { body: string; link: string | null }) => {
  const parts = aroundLink(body)
  return (
    <p class="as-typed">
      {parts.map((part, i) => (
        <>
          {i > 0 && <Link link={link} />}
          {part}
        </>
      ))}
    </p>
  )
}

const Link = ({ link }: { link: string | null }) =>
  link === null ? (
    <em>[a single-use link, which only the mail itself shows]</em>
  ) : (
    <a href={link} rel="noreferrer">
      {link}
    </a>
  )

const About = ({ mail }: Pick<Props, 'mail'>) => {
  if (mail.subject_type === 'service-request' && mail.subject_id)
    return <a href={paths.serviceRequest(mail.subject_id)}>Service request {mail.subject_id}</a>
  if (mail.subject_type === 'person' && mail.subject_id)
    return <a href={paths.adminPerson(mail.subject_id)}>{mail.subject_id}</a>
  if (mail.subject_type === 'database-server' && mail.subject_id)
    return <a href={paths.adminDatabaseServer(mail.subject_id)}>Database server {mail.subject_id}</a>
  if (mail.subject_type === 'access' && mail.subject_id)
    return <a href={paths.accessLog(mail.subject_id)}>Access {mail.subject_id}</a>
  return <>–</>
}
