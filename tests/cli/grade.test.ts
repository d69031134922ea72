import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reportViewSchema } from '../../core/report-view.ts'
import { connectEngine } from '../../worker/sandbox/docker/engine.ts'
import { assay, ROOT } from './run-assay.ts'

const library = join(ROOT, 'tests/cli/fixtures/library')
const samples = join(library, 'sum/submissions')
const env = { ASSAY_EXERCISES: library }

let scratch: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'assay-grade-'))
  await writeFile(join(scratch, 'query.sql'), 'SELECT 1 AS total; SELECT 2 AS total')
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

describe('grading a folder without a server', () => {
  test('prints the report of an accepted one and ends with 0', async () => {
    const run = await assay(['grade', 'sum', `${samples}/accepted/plain`], { env })
    expect(run).toMatchObject({ code: 0, out: expect.stringContaining('✓ Accepted   3 of 3 points (100 %)   3 of 3 tests passed') })
    expect(run.out).toMatch(/Version {2}[0-9a-f]{12}/)
    expect(run.out).not.toContain('\u001b')
    expect(run.err).toContain('Grading sum')
  })

  test('as JSON is one document on stdout, with the seed that repeats it', async () => {
    const run = await assay(['grade', 'sum', `${samples}/wrong_answer/count`, '--json', '--seed', '7'], { env })
    expect(run.code).toBe(1)
    const report = reportViewSchema.parse(JSON.parse(run.out))
    expect(report).toMatchObject({ outcome: 'wrong_answer', seed: 7, score: { earned: 0, possible: 3 } })
    expect(report.tests.filter(one => one.status === 'failed').map(one => one.id)).toEqual(['some', 'nulls'])
  })

  test('as a learner sees nothing of hidden tests but their category', async () => {
    const run = await assay(['grade', 'sum', `${samples}/wrong_answer/nothing`, '--as', 'learner'], { env })
    expect(run.code).toBe(1)
    expect(run.out).toContain('✗ edge case (hidden test)')
    expect(run.out).not.toContain('no rows at all')
  })

  test('in mode run takes the visible tests only', async () => {
    const run = await assay(['grade', 'sum', `${samples}/wrong_answer/nothing`, '--mode', 'run'], { env })
    expect(run).toMatchObject({ code: 0, out: expect.stringContaining('1 of 1 test passed') })
  })

  test('of a migration gives hints, which take nothing away', async () => {
    const exercise = join(ROOT, 'exercises/members-in-order')
    const run = await assay(['grade', exercise, `${exercise}/submissions/accepted/in-place`, '--mode', 'run', '--as', 'learner'])
    expect(run).toMatchObject({ code: 0, out: expect.stringContaining('✓ Accepted') })
    expect(run.out).toMatch(/no part of the result\):\n[^]*· up\.sql:15 require-concurrent-index-creation\n {4}While an index is made/)
  })

  test('refuses what can not be graded with 1 and why', async () => {
    const run = await assay(['grade', 'sum', join(scratch, 'query.sql')], { env })
    expect(run).toMatchObject({ code: 1, out: expect.stringContaining('✗ Invalid submission') })
  })

  test('broken off by Ctrl-C ends with 130 and leaves no box', async () => {
    const run = await assay(['grade', 'sum', `${samples}/accepted/plain`], {
      env,
      onError: (line, kill) => line.includes('preparing') && kill(),
    })
    expect(run).toMatchObject({ code: 130, out: '' })
    const boxes = await connectEngine().docker.listContainers({ all: true, filters: JSON.stringify({ label: ['assay.grading'] }) })
    expect(boxes.filter(box => box.Labels['assay.grading']?.startsWith(`local-${run.pid}-`))).toEqual([])
  })
})

describe('checking an exercise', () => {
  test('finds nothing in a good one', async () => {
    const run = await assay(['check', 'sum'], { env })
    expect(run).toMatchObject({ code: 0, out: expect.stringContaining('1 exercise, 6 submissions graded: all as labelled.') })
    expect(run.out).toMatch(/✓ {2}wrong_answer\/count +wrong_answer +wrong_answer +0\/3 +2 /)
  })

  test('names every label that does not hold', async () => {
    const folder = join(scratch, 'mislabelled')
    await cp(join(library, 'sum'), folder, { recursive: true })
    await writeFile(join(folder, 'submissions/wrong_answer/count/sample.yaml'), 'score: 1\nfails: [some, none]\n')
    await cp(join(folder, 'submissions/accepted/plain'), join(folder, 'submissions/wrong_answer/right'), { recursive: true })
    await cp(join(folder, 'submissions/accepted/plain'), join(folder, 'starter/sql'), { recursive: true })
    const run = await assay(['check', folder, '--json', '--jobs', '4'], { env })
    expect(run.code).toBe(1)
    const { ok, exercises } = JSON.parse(run.out) as { ok: boolean; exercises: { samples: { findings: { message: string }[] }[] }[] }
    const messages = exercises.flatMap(one => one.samples.flatMap(sample => sample.findings.map(finding => finding.message)))
    expect(ok).toBe(false)
    expect(messages).toEqual([
      'expected 1, got 0 of 3 (the first test of "The total" did not pass, so that task earns nothing)',
      'should fail and did not: none',
      expect.stringMatching(/^failed and should not: nulls/),
      'expected wrong_answer, got accepted',
      'is accepted as it stands; nothing is left for the learner to do',
    ])
  })

  test('says what its data sets let pass, and adds the rows that fail it', async () => {
    const folder = join(scratch, 'one-payment')
    await cp(join(library, 'sum'), folder, { recursive: true })
    await writeFile(join(folder, 'datasets/some.sql'), 'INSERT INTO payments VALUES (1, 10);')
    const first = await assay(['check', folder, '--write'], { env })
    expect(first.code).toBe(1)
    expect(first.out.replaceAll(/\s+/g, ' ')).toContain(
      'reference.sql:1:17: no data set fails a query with avg instead of sum in sum(amount)',
    )
    expect(first.out.replaceAll(/\s+/g, ' ')).toMatch(/datasets\/generated-1\.sql kills .*1:17 avg instead of sum in sum\(amount\)/)
    const second = await assay(['check', folder], { env })
    expect(second).toMatchObject({
      code: 0,
      out: expect.stringContaining('16 mutants of the reference and the accepted samples: 15 killed, 0 survivors, 1 not told'),
    })
  })

  test('takes one sample alone', async () => {
    expect(await assay(['check', 'sum', '--sample', 'count'], { env })).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 submission graded'),
    })
    expect(await assay(['check', 'sum', '--sample', 'nowhere'], { env })).toMatchObject({ code: 4 })
  })

  test('names file and field of what can not be read, and grades nothing', async () => {
    const folder = join(scratch, 'unreadable')
    await cp(join(library, 'sum'), folder, { recursive: true })
    await writeFile(join(folder, 'README.md'), '# Sum\n')
    await rm(join(folder, 'datasets/nulls.sql'))
    await writeFile(join(folder, 'submissions/accepted/plain/sample.yaml'), 'fail: [x]\n')
    const run = await assay(['check', folder], { env })
    expect(run.code).toBe(1)
    for (const words of ['"tasks.0.title" in', '"datasets.2.file" in', 'there is no datasets/nulls.sql', '"fail" in', '3 findings'])
      expect(run.out).toContain(words)
  })

  test('tells tests that can not be loaded as the finding that they are', async () => {
    const folder = join(scratch, 'unloadable')
    await cp(join(ROOT, 'tests/cli/fixtures/unloadable'), folder, { recursive: true })
    const run = await assay(['check', folder], { env })
    expect(run).toMatchObject({ code: 1, out: expect.stringContaining('tests/hidden/list.test.ts') })
  })
})
