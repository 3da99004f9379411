/**
 * A program to be supervised: PORT FILE [delay] [stubborn]. Appends its pid to FILE, answers /health after the delay;
 * stubborn: takes no notice of SIGTERM. Says what it does on standard output.
 */
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'

const [, , port, file, delay = '0', stubborn] = process.argv
if (stubborn) process.on('SIGTERM', () => console.log('not now'))
appendFileSync(file, `${process.pid}\n`)
console.log('application starts')
const ready = Date.now() + Number(delay)
createServer((_, response) => {
  response.writeHead(Date.now() >= ready ? 200 : 503).end()
}).listen(Number(port), '127.0.0.1')
