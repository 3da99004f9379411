import type { SupportCase } from '../../src/service-requests/support-case.ts'
import { ButtonLink } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CopyButton } from '../ui/copy-button.tsx'

export interface SupportCaseOfLogProps {
  supportCase: SupportCase | null
}

/** Beside the log, once it has failed. Replaced by the stream. */
export const SupportCaseOfLog = ({ supportCase }: SupportCaseOfLogProps) => (
  <div id="request-support-case">{supportCase && <SupportCaseCard supportCase={supportCase} />}</div>
)

/** Everything the operations team needs, to send or to copy. */
export const SupportCaseCard = ({ supportCase }: { supportCase: SupportCase }) => (
  <Card title="Open a support case" action={<CopyButton from="support-case-text" label="Copy the text" />}>
    {supportCase.href && (
      <p>
        <ButtonLink href={supportCase.href} icon="external">
          Open a support case
        </ButtonLink>
      </p>
    )}
    <p>Send this text to the operations team:</p>
    <pre id="support-case-text" class="support-case" tabindex={0}>
      {supportCase.text}
    </pre>
  </Card>
)
