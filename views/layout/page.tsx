import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import { paths } from '../../src/paths.ts'
import { Callout } from '../ui/callout.tsx'
import { drawnOnce, drawnPerLook } from '../ui/drawn.ts'
import { ButtonForm } from '../ui/form.tsx'
import { Icon } from '../ui/icon.tsx'
import { type Tab, Tabs } from '../ui/tabs.tsx'
import type { Chrome } from './chrome.ts'
import { Header } from './header.tsx'
import { staticUrl } from './static-url.ts'

export interface Crumb {
  label: string
  href: string
}

export interface PageProps {
  chrome: Chrome
  /** The h1, and with the product's name the title of the window. */
  title: string
  /** Pages above this one; the Start Center is put before them. */
  crumbs?: readonly Crumb[]
  /** <StatusBadge> beside the h1. */
  badge?: Child
  /** The one primary action, at the right. */
  action?: Child
  /** Further ones in a row; dangerous ones last. */
  secondary?: Child
  tabs?: readonly Tab[]
  /** "List View" at the left of the tabs. */
  back?: Crumb
  /** full: tables. form: one column of fields. reading: text. narrow: sign-in. */
  width?: 'full' | 'form' | 'reading' | 'narrow'
  /** The form on it was sent back with errors. */
  wrong?: boolean
  /** Loads what server-sent streams need. */
  live?: boolean
  children?: Child
}

/** Templates rather than elements wherever every page has it: the frame should cost less than what stands in it. */
export const Page = (props: PageProps) => {
  const { chrome } = props
  const { theme, shortcuts } = chrome.preferences
  const csrf = JSON.stringify({ 'x-csrf-token': chrome.csrf })
  return html`<!doctype html><html lang="en"${theme !== 'system' && html` data-theme="${theme}"`}>${Head(props)}<body data-shortcuts="${
    chrome.actor && shortcuts ? 'on' : 'off'
  }" hx-headers:inherited="${csrf}"><a class="skip-link" href="#main">Skip to main content</a>${Header({ chrome })}<div class="content"><main id="main" class="main main-${
    props.width ?? 'full'
  }" tabindex="-1">${pageHead(props)}${FlashMessage(chrome)}${props.children}</main>${footer}</div></body></html>`
}

const lookOfHead = ({ title, wrong, live }: PageProps) => `${Number(wrong ?? 0)}${Number(live ?? 0)}${title}`

const Head = drawnPerLook(lookOfHead, ({ title, wrong, live }: PageProps) => (
  <head>
    <meta charset="utf-8" />
    <title>{`${wrong ? 'Error: ' : ''}${title} - Gatehouse`}</title>
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="htmx-config" content={htmxConfig} />
    <link rel="icon" href={staticUrl('icons/gatehouse.svg')} type="image/svg+xml" />
    <link rel="stylesheet" href={staticUrl('app.css')} />
    {/* A deferred htmx looks for streams as soon as it runs, which can be before its extension has come: not with streams. */}
    <script src={staticUrl('vendor/htmx.min.js')} defer={!live} />
    {live && <script src={staticUrl('vendor/hx-sse.min.js')} />}
    <script type="module" src={staticUrl('app.js')} />
  </head>
))

// The Content-Security-Policy forbids inline styles: ours stand in app.css.
const htmxConfig = JSON.stringify({ includeIndicatorCSS: false, history: false })

const pageHead = (props: PageProps) => {
  const { chrome, title, badge, action, secondary, tabs } = props
  return html`<div class="page-head">${breadcrumb(props)}<div class="page-title"><h1>${title}</h1>${badge}${star(chrome)}${
    action && html`<div class="page-action">${action}</div>`
  }</div>${secondary && html`<div class="page-secondary">${secondary}</div>`}${
    tabs && <Tabs tabs={tabs} back={props.back} label={title} />
  }</div>`
}

const breadcrumb = ({ chrome, crumbs = [], title }: PageProps) => {
  if (!chrome.actor || chrome.nav === 'start-center') return null
  const above = [{ label: 'Start Center', href: paths.home() }, ...crumbs]
  return html`<nav class="breadcrumb" aria-label="Breadcrumb"><ol>${above.map(
    crumb => html`<li><a href="${crumb.href}">${crumb.label}</a></li>`,
  )}<li aria-current="page">${title}</li></ol></nav>`
}

/** Makes the page a Favorite Application, or no longer. */
const star = (chrome: Chrome) =>
  chrome.nav === null || chrome.starred === null
    ? null
    : ButtonForm({
        chrome,
        action: paths.favorite(chrome.nav),
        hidden: { starred: chrome.starred ? 'no' : 'yes', return_to: chrome.path },
        children: chrome.starred ? starOn : starOff,
      })

const drawStar = (look: string, label: string) =>
  drawnOnce(
    <button type="submit" class={look} title={label}>
      <Icon name="star" />
      <span class="visually-hidden">{label}</span>
    </button>,
  )
const starOn = drawStar('star star-on', 'Remove from Favorite Applications')
const starOff = drawStar('star', 'Add to Favorite Applications')

const FlashMessage = ({ flash }: Pick<Chrome, 'flash'>) =>
  flash && (
    <Callout kind={flash.kind} live>
      {flash.text}
    </Callout>
  )

const footer = drawnOnce(
  <footer class="site-footer">
    <a href={paths.help()}>Help</a>
    <a href={paths.helpKeyboard()} data-key="?">
      Keyboard shortcuts
    </a>
  </footer>,
)
