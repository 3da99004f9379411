import { describe, expect, test } from 'vitest'
import { placeOfPath } from '../../src/automation/json-places.ts'
import { firstRunbookText, readRunbook } from '../../src/automation/runbook-text.ts'

const problems = (text: string) => {
  const read = readRunbook(text)
  return read.ok ? [] : read.problems
}

describe('A runbook as it is typed', () => {
  test('the one an empty editor begins with is right', () => {
    expect(problems(firstRunbookText)).toEqual([])
  })

  test.each([
    ['', 'Line 1: type the runbook as JSON, beginning with {.'],
    ['{\n  "steps": [\n', 'Line 2, column 13: the text ends too early. A closing quote, ] or } is missing.'],
    ['{\n  "steps": [] "x"\n}', 'Line 2, column 15: a comma or a closing ] or } is missing here.'],
    [
      '{\n  "steps": [],\n}',
      'Line 3, column 1: a name in double quotes is expected here. Perhaps there is a comma too many before it.',
    ],
    [
      "{\n  'steps': []\n}",
      'Line 2, column 3: a name in double quotes is expected here. Perhaps there is a comma too many before it.',
    ],
    ['{}\nx', 'Line 2, column 1: the runbook is complete before this. Remove what follows.'],
    ['nonsense', 'Line 1, column 2: this is not JSON. Texts and names stand in double quotes.'],
  ])('%j is no JSON: told by line', (text, words) => {
    expect(problems(text)).toEqual([words])
  })

  const withStep = (step: string) => `{\n  "steps": [\n    ${step}\n  ]\n}`
  test.each([
    ['{}', 'Line 1: steps: this is missing.'],
    ['{"steps": []}', 'Line 1: steps: this may not be empty.'],
    [
      withStep('{"name": "A", "executor": "shell"}'),
      'Line 3: step 1, executor: executor must be “command” or “process”.',
    ],
    [withStep('{"name": "A", "executor": "command"}'), 'Line 3: step 1, argv: this is missing.'],
    [
      withStep('{"name": "A", "executor": "command", "argv": "ls"}'),
      'Line 3: step 1, argv: use a list in [ ] here.',
    ],
    [
      withStep('{"name": "A", "executor": "command", "argv": ["ls"], "arg": 1}'),
      'Line 3: step 1: “arg” is not known here. Check its spelling, or remove it.',
    ],
    [
      withStep('{"name": "A", "executor": "command", "argv": ["ls"], "timeLimit": 0}'),
      'Line 3: step 1, timeLimit: use at least 1.',
    ],
    [
      withStep('{"name": "A", "executor": "command", "argv": ["ls", "{{asset.ID.x}}"]}'),
      'Line 3: step 1, argv, item 2: {{asset.ID.x}} is not known. Known are {{asset.NAME}}; for actions {{request.id}}, {{request.summary}} and {{field.NAME}}; for accesses {{access.id}}, {{access.justification}}, {{person.id}}, {{person.login_id}}, {{person.first_name}}, {{person.last_name}} and {{person.email}}.',
    ],
    [
      withStep(
        '{"name": "A", "executor": "process", "operation": "kill", "process": "p", "argv": ["x"], "output": "o"}',
      ),
      'Line 3: step 1, operation: use one of: start, stop, restart, check.',
    ],
  ])('%j: %s', (text, words) => {
    expect(problems(text)).toEqual([words])
  })

  test('all mistakes are told at once, each with its own line', () => {
    const text =
      '{\n  "steps": [\n    {\n      "name": "",\n      "executor": "command",\n      "argv": []\n    }\n  ],\n  "safeToRepeat": "yes"\n}'
    expect(problems(text)).toEqual([
      'Line 4: step 1, name: this may not be empty.',
      'Line 6: step 1, argv: this may not be empty.',
      'Line 9: safeToRepeat: use true or false here.',
    ])
  })

  test('placeholders of other programs are left alone', () => {
    expect(
      problems(
        withStep('{"name": "A", "executor": "command", "argv": ["docker", "{{.State}}", "{{json .}}"]}'),
      ),
    ).toEqual([])
  })
})

describe('Where a value stands in a JSON text', () => {
  const text = '{\n "a": [1, {"b\\"c": "x, ]} y"},\n  [true]],\n "d": null}'
  test.each([
    [['a'], 2],
    [['a', 1, 'b"c'], 2],
    [['a', 2, 0], 3],
    [['d'], 4],
    [['nowhere'], 1],
    [['a', 9], 2],
  ])('%j on line %i', (path, line) => {
    expect(placeOfPath(text, path).line).toBe(line)
  })
})
