import type { Child } from 'hono/jsx'
import type { Chrome } from '../layout/chrome.ts'
import { type Crumb, Page } from '../layout/page.tsx'
import type { Attrs } from './attrs.ts'
import { Button } from './button.tsx'
import { Form, FormButtons } from './form.tsx'

/** The one dialog of a page that asks something; <QuestionHost> puts it there, empty. */
const questionDialogId = 'question'

export interface QuestionProps {
  chrome: Chrome
  title: string
  /** What is asked, in full sentences. */
  what: Child
  /** Everything typed so far, by field name; carried along unseen. */
  typed: Readonly<Record<string, string>>
  yes: { label: string; action: string; name?: string; value?: string; danger?: boolean } | null
  /** Takes the form back as it was; where scripts run, the dialog closes instead. */
  no: { label: string; action: string; name?: string; value?: string }
}

/** Attributes of the submit button that asks: with scripts in the dialog of the page, else on a page of its own. */
export const asksAt = (action: string): Attrs => ({
  formaction: action,
  formnovalidate: true,
  'data-ask': true,
  'hx-post': action,
  'hx-target': `#${questionDialogId}`,
  'hx-swap': 'innerHTML',
})

/** Empty place for the dialog; put it once on the page, outside the form. */
export const QuestionHost = () => (
  <dialog id={questionDialogId} class="dialog question" aria-labelledby="question-title" />
)

/** What htmx loads into the dialog. */
export const QuestionDialog = (props: QuestionProps) => (
  <>
    <h2 id="question-title">{props.title}</h2>
    <QuestionForm {...props} />
  </>
)

/** The same without scripts, as a page of its own. */
export const QuestionPage = ({ crumbs, ...props }: QuestionProps & { crumbs?: readonly Crumb[] }) => (
  <Page chrome={props.chrome} title={props.title} crumbs={crumbs} width="form">
    <QuestionForm {...props} />
  </Page>
)

const QuestionForm = ({ chrome, what, typed, yes, no }: QuestionProps) => (
  <Form chrome={chrome} action={yes?.action ?? no.action} hidden={withoutToken(typed)}>
    <div class="confirm-what">{what}</div>
    <FormButtons>
      {yes && (
        <Button kind={yes.danger ? 'danger' : 'primary'} name={yes.name} value={yes.value}>
          {yes.label}
        </Button>
      )}
      <Button name={no.name} value={no.value} formaction={no.action} attrs={{ 'data-close': true }}>
        {no.label}
      </Button>
    </FormButtons>
  </Form>
)

const withoutToken = (typed: QuestionProps['typed']) =>
  Object.fromEntries(Object.entries(typed).filter(([name]) => name !== 'csrf' && name !== 'act'))
