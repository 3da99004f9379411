import type { Child } from 'hono/jsx'

/** Fields that belong together, under one name. */
export const FieldSet = ({ legend, hint, children }: { legend: string; hint?: Child; children?: Child }) => (
  <fieldset class="field-set">
    <legend>{legend}</legend>
    {hint && <p class="field-hint">{hint}</p>}
    {children}
  </fieldset>
)
