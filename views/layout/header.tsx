import { html } from 'hono/html'
import { paths } from '../../src/paths.ts'
import type { Actor } from '../../src/policy.ts'
import { drawnOnce } from '../ui/drawn.ts'
import { ButtonForm } from '../ui/form.tsx'
import { Icon } from '../ui/icon.tsx'
import type { Chrome } from './chrome.ts'
import { Mark } from './mark.tsx'
import { Menu } from './menu.tsx'

export const Header = ({ chrome }: { chrome: Chrome }) =>
  html`<header class="site-header">${brand}${
    chrome.actor && [Menu({ chrome, actor: chrome.actor }), who(chrome, chrome.actor)]
  }</header>`

const brand = drawnOnce(
  <a class="brand" href={paths.home()}>
    <Mark />
    Gatehouse
  </a>,
)

const who = (chrome: Chrome, actor: Actor) =>
  html`<div class="who"><a class="who-name" href="${paths.profile()}" title="Profile">${Icon({ name: 'person' })}<span>${actor.name}</span></a>${ButtonForm(
    { chrome, action: paths.signOut(), children: signOut },
  )}</div>`

const signOut = drawnOnce(
  <button type="submit" class="sign-out">
    <Icon name="leave" />
    <span>Sign out</span>
  </button>,
)
