import { html } from 'hono/html'
import { paths } from '../../src/paths.ts'
import type { Actor } from '../../src/policy.ts'
import { type NavKey, navEntries } from '../navigation.ts'
import { drawnOnce, drawnPerLook } from '../ui/drawn.ts'
import { ButtonForm } from '../ui/form.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import type { Chrome } from './chrome.ts'

interface Entry {
  key: NavKey
  label: string
  href: string
  group?: string
  /** Whether it is this page, or the part of the portal that the page belongs to. */
  current: 'page' | 'true' | undefined
}

/** Beside the page where there is room; else behind "Menu". */
export const Menu = ({ chrome, actor }: { chrome: Chrome; actor: Actor }) =>
  html`<details class="menu">${summary}<div class="menu-body">${findNavigationItem}${Applications({
    entries: linked(chrome, actor),
  })}${themeSwitch(chrome)}</div></details>`

const summary = drawnOnce(
  <summary>
    <Icon name="menu" />
    Menu
  </summary>,
)

const findNavigationItem = drawnOnce(
  <search>
    <form class="find" method="get" action={paths.findNavigation()}>
      <label class="visually-hidden" for="find">
        Find navigation item
      </label>
      <input
        type="search"
        id="find"
        name="q"
        placeholder="Find navigation item"
        autocomplete="off"
        data-key="/"
      />
      <button type="submit" class="button button-quiet">
        <Icon name="search" />
        <span class="visually-hidden">Find</span>
      </button>
    </form>
  </search>,
)

const linked = (chrome: Chrome, actor: Actor): Entry[] =>
  navEntries(actor).map(entry => ({ ...entry, current: currentWord(entry.key, entry.href, chrome) }))

const currentWord = (key: NavKey, href: string, chrome: Chrome) =>
  key !== chrome.nav ? undefined : chrome.path === href ? 'page' : 'true'

const lookOfEntries = ({ entries }: { entries: readonly Entry[] }) =>
  entries.map(entry => `${entry.key} ${entry.current}`).join()

const Applications = drawnPerLook(lookOfEntries, ({ entries }) => (
  <nav aria-label="Applications">
    <ul class="menu-list">
      {grouped(entries).map(part =>
        part.group ? <Group name={part.group} entries={part.entries} /> : <Entries {...part} />,
      )}
    </ul>
  </nav>
))

interface Part {
  group?: string
  entries: Entry[]
}

/** Entries in the table's order; those of a group stand together where its first one is. */
function grouped(entries: readonly Entry[]): Part[] {
  const parts: Part[] = []
  for (const entry of entries) {
    const last = parts.at(-1)
    const part = entry.group
      ? parts.find(p => p.group === entry.group)
      : last && !last.group
        ? last
        : undefined
    if (part) part.entries.push(entry)
    else parts.push({ group: entry.group, entries: [entry] })
  }
  return parts
}

const Group = ({ name, entries }: { name: string; entries: Entry[] }) => (
  <li class="menu-group">
    <span id={`menu-${name}`}>{name}</span>
    <ul class="menu-list" aria-labelledby={`menu-${name}`}>
      <Entries entries={entries} />
    </ul>
  </li>
)

const Entries = ({ entries }: { entries: Entry[] }) => (
  <>
    {entries.map(entry => (
      <li>
        <a href={entry.href} data-key={keys[entry.key]} aria-current={entry.current}>
          {entry.label}
        </a>
      </li>
    ))}
  </>
)

/** Keyboard shortcuts that lead there; described under Help. */
const keys: Partial<Record<string, string>> = {
  'start-center': 'g h',
  'service-requests': 'g r',
  'access-management': 'g a',
  'new-service-request': 'n',
}

const themes: readonly { theme: Chrome['preferences']['theme']; label: string; icon: IconName }[] = [
  { theme: 'system', label: 'As the system', icon: 'screen' },
  { theme: 'light', label: 'Light', icon: 'sun' },
  { theme: 'dark', label: 'Dark', icon: 'moon' },
]

const themeSwitch = (chrome: Chrome) =>
  ButtonForm({
    chrome,
    action: paths.profilePart('theme'),
    hidden: { return_to: chrome.path },
    children: ThemeButtons({ current: chrome.preferences.theme }),
  })

const ThemeButtons = drawnPerLook(
  ({ current }: { current: string }) => current,
  ({ current }) => (
    <fieldset class="theme-switch">
      <legend>Theme</legend>
      {themes.map(({ theme, label, icon }) => (
        <button
          type="submit"
          name="theme"
          value={theme}
          title={label}
          aria-pressed={current === theme ? 'true' : 'false'}
        >
          <Icon name={icon} />
          <span class="visually-hidden">{label}</span>
        </button>
      ))}
    </fieldset>
  ),
)
