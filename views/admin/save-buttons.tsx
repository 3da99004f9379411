import { Button, ButtonLink } from '../ui/button.tsx'
import { FormButtons } from '../ui/form.tsx'

/** Ends a form; `cancel` is where one goes who doesn't want the new record after all. */
export const SaveButtons = ({ cancel }: { cancel?: string }) => (
  <FormButtons>
    <Button kind="primary">Save</Button>
    {cancel && (
      <ButtonLink href={cancel} kind="quiet">
        Cancel
      </ButtonLink>
    )}
  </FormButtons>
)
