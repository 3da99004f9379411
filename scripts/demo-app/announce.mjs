// Tells whoever has the application open what is about to happen. An application that does not run has nobody to tell.
const [, , url, message] = process.argv
console.log(`Announcing on ${url}`)
console.log(`“${message}”`)
try {
  const answer = await fetch(new URL('/announcement', url), {
    method: 'POST',
    body: message,
    signal: AbortSignal.timeout(5000),
  })
  console.log(`The application answered ${answer.status}: ${(await answer.text()).trim()}`)
} catch (error) {
  console.log(`The application does not answer (${error.cause?.code ?? error.name}): nobody to tell.`)
}
