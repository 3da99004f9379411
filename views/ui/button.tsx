import type { Child } from 'hono/jsx'
import type { Attrs } from './attrs.ts'
import { Icon, type IconName } from './icon.tsx'

/** primary: one a page. danger: destroys. quiet: in toolbars and rows. */
export type ButtonKind = 'primary' | 'secondary' | 'danger' | 'quiet'

interface ButtonProps {
  kind?: ButtonKind
  type?: 'submit' | 'button'
  name?: string
  value?: string
  form?: string
  formaction?: string
  icon?: IconName
  disabled?: boolean
  attrs?: Attrs
  children?: Child
}

export const Button = ({
  kind = 'secondary',
  type = 'submit',
  icon,
  attrs = {},
  children,
  ...rest
}: ButtonProps) => (
  <button type={type} class={`button button-${kind}`} {...rest} {...attrs}>
    {icon && <Icon name={icon} />}
    {children}
  </button>
)

interface ButtonLinkProps {
  href: string
  kind?: ButtonKind
  icon?: IconName
  attrs?: Attrs
  children?: Child
}

/** Goes somewhere, changes nothing. */
export const ButtonLink = ({ href, kind = 'secondary', icon, attrs = {}, children }: ButtonLinkProps) => (
  <a href={href} class={`button button-${kind}`} {...attrs}>
    {icon && <Icon name={icon} />}
    {children}
  </a>
)
