import { type Drawn, drawnOnce } from './drawn.ts'

/** Our own drawings on a 16 × 16 grid, stroked in the colour of the text around them. */
const drawings = {
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.4 10.4 14 14',
  menu: 'M2 4h12M2 8h12M2 12h12',
  plus: 'M8 3v10M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  filter: 'M2 3.5h12L9.5 8.5v4l-3 1.5V8.5z',
  download: 'M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11',
  previous: 'M10 3 5 8l5 5',
  next: 'M6 3l5 5-5 5',
  up: 'M8 13V3M4 7l4-4 4 4',
  down: 'M8 3v10M4 9l4 4 4-4',
  updown: 'M5.5 6 8 3.5 10.5 6M5.5 10 8 12.5 10.5 10',
  back: 'M13 8H3M7 4 3 8l4 4',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9 13 13M3 13l1.1-1.1M11.9 4.1 13 3',
  moon: 'M13.5 9.7A6 6 0 0 1 6.3 2.5a6 6 0 1 0 7.2 7.2',
  screen: 'M1.5 2.5h13v8.5h-13zM5.5 14h5M8 11v3',
  star: 'M8 1.8l1.9 4 4.3.5-3.2 3 .9 4.4L8 11.5l-3.9 2.2.9-4.4-3.2-3 4.3-.5z',
  person: 'M8 2a3 3 0 1 0 0 6 3 3 0 0 0 0-6M2.5 14c.5-3 2.7-4.5 5.5-4.5s5 1.5 5.5 4.5',
  leave: 'M6 2.5H2.5v11H6M6.5 8H14M11 5l3 3-3 3',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  refresh: 'M13.5 8A5.5 5.5 0 1 1 11.8 4M13.5 1.5V5H10',
  link: 'M6.5 9.5 9.5 6.5M7 4.5l1.5-1.5a3 3 0 0 1 4.5 4.5L11.5 9M9 11.5 7.5 13A3 3 0 0 1 3 8.5L4.5 7',
  info: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M8 7.2v4M8 4.6v.4',
  warning: 'M8 2 15 14H1zM8 6.5v3.5M8 11.8v.2',
  tick: 'M3 8.5 6.5 12 13 4.5',
  clock: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M8 4.5V8l2.5 1.5',
  file: 'M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3',
  folder: 'M1.5 13V3.5h4.8l1.7 2h6.5V13z',
  trash: 'M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5v9h7v-9M6.7 7v4M9.3 7v4',
  undo: 'M6 3 3 6l3 3M3 6h6a4 4 0 0 1 0 8H5',
  external: 'M9 2.5h4.5V7M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4',
} as const

export type IconName = keyof typeof drawings

/** Always decoration: the words stand beside it, visible or hidden. Drawn once; a page has dozens. */
export const Icon = ({ name }: { name: IconName }) => drawn[name]

const draw = (name: IconName) =>
  drawnOnce(
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={drawings[name]} />
    </svg>,
  )

const drawn = Object.fromEntries(
  (Object.keys(drawings) as IconName[]).map(name => [name, draw(name)]),
) as Record<IconName, Drawn>
