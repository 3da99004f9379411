import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { Chrome } from '../layout/chrome.ts'
import type { Attrs } from './attrs.ts'
import { CsrfField } from './csrf-field.tsx'

interface FormProps {
  chrome: Pick<Chrome, 'csrf'>
  action: string
  id?: string
  /** Sent along unseen. */
  hidden?: Readonly<Record<string, string | number>>
  /** inline: a lone button among others. */
  look?: 'column' | 'inline'
  /** What Enter presses; needed where a lookup's button would be the form's first. Such as { name: 'act', value: 'save' }. */
  enter?: Readonly<{ name?: string; value?: string; formaction?: string }>
  attrs?: Attrs
  children?: Child
}

/**
 * A posting form with its token. The server answers in our own words, so the browser's bubbles are off;
 * a second press while the first is under way is swallowed where scripts run.
 */
export const Form = ({ chrome, hidden = {}, look = 'column', enter, attrs = {}, ...props }: FormProps) => (
  <form
    method="post"
    action={props.action}
    id={props.id}
    class={`form form-${look}`}
    novalidate
    data-once
    {...attrs}
  >
    <CsrfField chrome={chrome} />
    {hiddenFields(hidden)}
    {enter && <button type="submit" class="visually-hidden" {...forEnterOnly} {...enter} />}
    {props.children}
  </form>
)

/** A form of one button; every page has a few, so it is a template. */
export const ButtonForm = ({ chrome, action, hidden = {}, children }: Omit<FormProps, 'look' | 'attrs'>) =>
  html`<form method="post" action="${action}" class="form form-inline" novalidate data-once>${CsrfField({ chrome })}${hiddenFields(hidden)}${children}</form>`

const hiddenFields = (fields: Readonly<Record<string, string | number>>) =>
  Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)

/** Out of the tab order and unspoken, but drawn: Safari presses no button that isn't. */
const forEnterOnly = { tabindex: -1, 'aria-hidden': 'true' }

/** The row of buttons that ends a form: the verb first, the way out last. */
export const FormButtons = ({ children }: { children?: Child }) => <div class="form-buttons">{children}</div>
