import assert from 'node:assert/strict'
import type { FileMap } from '../../../core/submission.ts'
import type { Platform } from '../platform.ts'

const MANIFEST = `kind: endpoint
title: Poison
difficulty: easy
tasks:
  - { id: greet, title: Greet }
runtimes:
  node: { entry: server.js }
editable: ['**']
limits: { start: 6s, test: 2s, total: 6s, memory: 128m }
`
const VISIBLE = `import { expect, test } from 'assay'
test('greets', { id: 'greets', task: 'greet' }, async ({ http }) => expect((await http.get('/?name=Ada')).status).toBe(200))
`

/** What an operator could put in by mistake, or somebody by intent; each ends or blocks what runs the tests. */
const POISONS: Record<string, string> = {
  'ends-the-examiner': hidden(`process.exit(0)`),
  'kills-the-examiner': hidden(`process.kill(process.pid, 'SIGKILL')`),
  'blocks-the-examiner': hidden(`for (;;);`),
  'fills-the-memory': hidden(`const kept = []; for (;;) kept.push(Buffer.alloc(1 << 24, 1))`),
  'forges-frames': hidden(`for (let at = 0; at < 64; at++) process.stdout.write(Buffer.alloc(1 << 16, at)); await new Promise(() => {})`),
}
/** Those can't even be listed: there is no list of tests to hold a grading to. */
const UNREADABLE: Record<string, string> = {
  'does-not-load': `throw new Error('at import')\n`,
  'ends-at-import': `process.exit(0)\n`,
}

function hidden(body: string): string {
  return `import { test } from 'assay'
test('CANARY-NAME', { id: 'canary', task: 'greet', points: 1, category: 'poison' }, async ({ http }) => {
  await http.get('/?name=Ada')
  ${body}
})
`
}

export default async function poisonPill(platform: Platform): Promise<string> {
  const learner = await platform.person()
  const staff = await platform.person({ role: 'staff' })
  const files = await platform.rightFiles('greeting')
  const ids: [what: string, id: string][] = []
  for (const [slug, test] of Object.entries({ ...POISONS, ...UNREADABLE })) {
    const { faults } = await platform.addExercise(slug, exerciseOf(test))
    assert.deepEqual(faults, [], `${slug} was found faulty before it was tried`)
    ids.push([slug, await platform.submit(learner, { exercise: slug, files })])
  }

  const outcomes = new Map<string, string>()
  for (const [slug, id] of ids) {
    const { outcome } = await platform.end(learner, id)
    outcomes.set(slug, outcome)
    assert.notEqual(outcome, 'accepted', `${slug} was accepted`)
    const { json } = await platform.request('GET', `/api/v1/submissions/${id}/gradings`, { as: staff })
    const gradings = json['items'] as { outcome: string; reason: string }[]
    assert.ok(gradings.length <= 2, `${slug} was graded ${gradings.length} times`)
    if (outcome !== 'grader_error') continue
    assert.deepEqual(
      gradings.map(({ reason }) => reason),
      ['first', 'retry'],
      slug,
    )
    const dead = await platform.request('GET', `/api/v1/submissions?outcome=grader_error&exercise=${slug}`, { as: staff })
    assert.deepEqual(
      (dead.json['items'] as { id: string }[]).map(item => item.id),
      [id],
      `${slug} is not on the operator's list`,
    )
  }
  const faults = [...outcomes.values()].filter(outcome => outcome === 'grader_error').length
  assert.ok(faults >= 3, `only ${faults} failed on our side: ${JSON.stringify([...outcomes])}`)

  // The operator mends the exercise; what failed on it is graded again.
  await platform.addExercise('kills-the-examiner', exerciseOf(hidden('')))
  const id = ids.find(([slug]) => slug === 'kills-the-examiner')![1]
  const admin = await platform.person({ role: 'admin' })
  const again = await platform.request('POST', `/api/v1/submissions/${id}/requeue`, { as: admin })
  assert.equal(again.status, 202, again.text)
  const { outcome } = await platform.end(learner, id)
  assert.equal(outcome, 'accepted', 'mended, but not accepted')
  return `${ids.length} poisoned exercises: ${[...outcomes].map(([slug, outcome]) => `${slug} ${outcome}`).join(', ')}; mended and queued again: accepted`
}

function exerciseOf(test: string): FileMap {
  return {
    'exercise.yaml': MANIFEST,
    'README.md': '# Poison\n\n## Greet\n',
    'starter/node/server.js': '// begin here\n',
    'tests/visible/greet.test.ts': VISIBLE,
    'tests/hidden/poison.test.ts': test,
  }
}
