import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Listening, listen } from '../../src/cli/listen.ts'

/** What does not arrive is not waited for: a form by its whole time, a file by its silence. */
let web: Listening
beforeEach(async () => {
  web = await listen({ HOST: '127.0.0.1', PORT: 0 }, { form: 200, silence: 200 })
  web.answerWith(request => request.resume())
})
afterEach(() => web.close(0))

test.each(['/sign-in', '/assets/10000-DEV/files/upload?path=x'])('%s', async address => {
  const socket = connect(web.port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(`POST ${address} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf`)
  await once(socket, 'close')
  expect(socket.bytesRead).toBe(0)
})
