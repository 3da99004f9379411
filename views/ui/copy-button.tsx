import { Icon } from './icon.tsx'

/** Copies a text, or what the element `#from` shows. Hidden where scripts don't run. */
export const CopyButton = ({
  text,
  from,
  label = 'Copy',
}: {
  text?: string
  from?: string
  label?: string
}) => (
  <button type="button" class="button button-quiet needs-js" data-copy={text} data-copy-from={from} hidden>
    <Icon name="copy" />
    <span data-copy-label aria-live="polite">
      {label}
    </span>
  </button>
)
