import { html } from 'hono/html'
import type { Chrome } from '../layout/chrome.ts'

/** Every form that posts carries it. */
export const CsrfField = ({ chrome }: { chrome: Pick<Chrome, 'csrf'> }) =>
  html`<input type="hidden" name="csrf" value="${chrome.csrf}" />`
