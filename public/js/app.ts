/**
 * Quickens pages that work without it. What the markup offers:
 *   data-key="g r"               shortcut of this link, button or field
 *   data-rows                    the rows that j and k walk through
 *   data-once                    a form whose second press is swallowed
 *   data-enter="BUTTON"          what Enter presses in this field
 *   data-tidy                    a GET form that leaves empty fields out of the address
 *   data-error-summary           takes focus when it appears
 *   data-lookup="FIELD"          opens the dialog #select-value, which htmx fills
 *   data-select-value="FIELD"    form in that dialog; its buttons data-choice and data-close
 *   data-ask                     opens the dialog #question, which htmx fills; data-close there closes it
 *   data-keep="FORM"             link that sends the form first, with data-keep-act as `do`
 *   data-copy, data-copy-from    what a copy button copies
 *   data-log, data-log-frame     the lines of a log and what scrolls them
 *   data-follow                  checkbox: keep the end of the log in sight
 *   data-log-find, -found        find in the log, and how often it was found
 *   data-log-state               says when the log is no longer followed live
 *   data-upload, data-limit      a form that sends a file of up to so many bytes, with its progress in
 *                                data-upload-progress, -words and -cancel
 *   .needs-js[hidden]            shown only where scripts run
 *   data-without-scripts         hidden where they do
 *   data-press="BUTTON"          pressed in its stead when a request of htmx gets another answer than expected
 * Streams of server-sent events are closed while the page is hidden by htmx's own extension.
 */
import { copyOnPress } from './copy.ts'
import { guardForms, pressOwnButtons, showErrors } from './forms.ts'
import { keepTyped } from './keep.ts'
import { followLogs } from './log.ts'
import { openLookups } from './lookup.ts'
import { askQuestions } from './question.ts'
import { keepPageOnTrouble } from './requests.ts'
import { listenForShortcuts } from './shortcuts.ts'
import { letGoOfLostStreams } from './streams.ts'
import { watchUploads } from './upload.ts'

const refresh = () => {
  for (const element of document.querySelectorAll<HTMLElement>('.needs-js[hidden]')) element.hidden = false
  for (const element of document.querySelectorAll<HTMLElement>('[data-without-scripts]'))
    element.hidden = true
  showErrors()
}

refresh()
guardForms()
pressOwnButtons()
watchUploads()
keepPageOnTrouble()
openLookups()
askQuestions()
keepTyped()
copyOnPress()
followLogs()
letGoOfLostStreams()
listenForShortcuts()
document.addEventListener('htmx:after:swap', refresh)
