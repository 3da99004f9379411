import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from './env.ts'
import { hasBody } from './forms.ts'
import { messagePage, notFoundPage } from './respond.ts'

const oneMiB = 1024 * 1024

/** Forms stay small: nothing larger is even read. */
export const formSizeLimit = createMiddleware<AppEnv>((c, next) =>
  hasBody(c) ? bodySizeLimit(c, next) : next(),
)

const bodySizeLimit = bodyLimit({
  maxSize: oneMiB,
  onError: c =>
    messagePage(c, 413, {
      title: 'This is too large',
      lines: [
        'What was sent is larger than 1 MiB, so it was not read and nothing was changed.',
        'Shorten the text and send it again.',
      ],
    }),
})

/** PostgreSQL refuses NUL even in a question, so no address has one; forms are told which field. */
export const noNulInAddress = createMiddleware<AppEnv>((c, next) =>
  c.req.url.includes('%00') ? Promise.resolve(notFoundPage(c)) : next(),
)
