import type { Row } from '../../db/schema.ts'
import type { allNotices } from '../../src/notices/queries.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { Time } from '../ui/time.tsx'
import { adminCrumb, adminCrumbs } from './admin-crumb.ts'
import { type Suggested, Suggestions } from './customer-suggestions.tsx'
import { SaveButtons } from './save-buttons.tsx'

type NoticeRow = Awaited<ReturnType<typeof allNotices>>[number]

interface Props {
  chrome: Chrome
  rows: readonly NoticeRow[]
  now: string
}

export const NoticesPage = ({ chrome, rows, now }: Props) => (
  <Page
    chrome={chrome}
    title="Bulletin Board posts"
    crumbs={[adminCrumb]}
    action={
      <ButtonLink href={paths.adminNotice('new')} kind="primary" icon="plus">
        New Post
      </ButtonLink>
    }
  >
    <DataTable
      title="Posts"
      rows={rows}
      columns={[
        {
          key: 'subject',
          label: 'Subject',
          look: 'grow',
          cell: row => <a href={paths.adminNotice(row.id)}>{row.subject}</a>,
        },
        { key: 'customer', label: 'For', cell: row => row.customer_id ?? 'everyone' },
        {
          key: 'posted',
          label: 'Post Date',
          look: 'time',
          cell: row => <Time at={row.posted_at} zone={zoneOf(chrome)} />,
        },
        {
          key: 'expires',
          label: 'Expiration Date',
          look: 'time',
          cell: row => (
            <>
              <Time at={row.expires_at} zone={zoneOf(chrome)} none="never" />
              {row.expires_at !== null && row.expires_at <= now && ' (expired)'}
            </>
          ),
        },
        { key: 'by', label: 'Posted By', cell: row => row.posted_by_name },
        { key: 'views', label: 'Viewed by', look: 'number', cell: row => row.views },
      ]}
      empty="There is no post. What you post stands on the Bulletin Board of the Start Center until it expires."
    />
  </Page>
)

interface FormProps {
  chrome: Chrome
  form: FormState
  customers: Suggested
  notice: Row<'notices'> | null
}

export const NoticeFormPage = ({ chrome, form, customers, notice }: FormProps) => (
  <Page
    chrome={chrome}
    title={notice ? notice.subject : 'New Post'}
    crumbs={adminCrumbs.notices}
    width="form"
    wrong={hasErrors(form)}
    secondary={
      notice && (
        <ButtonLink href={paths.adminNoticeRemove(notice.id)} kind="danger">
          Remove
        </ButtonLink>
      )
    }
  >
    <ErrorSummary form={form} />
    <Form chrome={chrome} action={paths.adminNotice(notice?.id ?? 'new')}>
      <Field form={form} name="subject" label="Subject" required attrs={{ maxlength: 150 }} />
      <Field
        form={form}
        name="message"
        label="Message"
        kind="textarea"
        rows={8}
        required
        hint="Plain text. Empty lines make paragraphs."
        attrs={{ maxlength: 4000 }}
      />
      <Field
        form={form}
        name="customer_id"
        label="Customer"
        hint="Only persons of this customer see it. Empty: everyone does."
        attrs={{ list: 'customer-suggestions', autocomplete: 'off', maxlength: 20 }}
      />
      <Field
        form={form}
        name="expires_at"
        label="Expiration Date"
        kind="datetime-local"
        hint="From then on nobody sees it any more. Empty: never."
        suffix={zoneOf(chrome)}
      />
      <Suggestions customers={customers} />
      <SaveButtons cancel={paths.adminNotices()} />
    </Form>
  </Page>
)
