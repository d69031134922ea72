import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Api } from '../../cli/client/api.ts'
import { startScratchService } from '../../cli/demo/scratch-service.ts'
import { createProgress } from '../../cli/progress.ts'
import { reportViewSchema } from '../../core/report-view.ts'
import { buildZip } from '../server/uploads/build-zip.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { assay, ROOT } from './run-assay.ts'

const library = join(ROOT, 'tests/cli/fixtures/library')
const samples = join(library, 'sum/submissions')
const things = new AsyncDisposableStack()
let env: Record<string, string>
let data: string
let api: Api

beforeAll(async () => {
  const progress = createProgress({ write: () => {} })
  const service = await startScratchService({ exercisesFolder: library, progress, things, signal: AbortSignal.timeout(120_000) })
  ;({ api, data } = service)
  const token = (await assay(['token', 'add', 'staff', '--role', 'admin'], { env: { ASSAY_DATA: data, ASSAY_STORE_URL: '' } })).out.trim()
  env = { ASSAY_URL: api.url, ASSAY_TOKEN: token }
}, 180_000)
afterAll(() => things.disposeAsync(), 60_000)

describe('handing in to a real server', () => {
  test('followed live ends with the report and its exit code', async () => {
    const run = await assay(['submit', 'sum', `${samples}/wrong_answer/count`, '--watch'], { env })
    expect(run).toMatchObject({ code: 1, out: expect.stringContaining('✗ Wrong answer   0 of 3 points') })
    for (const words of ['was taken in', 'queued', 'started', 'running the tests', 'test 3 of 3', '✓ Grading sub_'])
      expect(run.err).toContain(words)
  })

  test('prints the id alone; status and report take it', async () => {
    const handed = await assay(['submit', 'sum', `${samples}/accepted/plain`], { env })
    expect(handed).toMatchObject({ code: 0, out: expect.stringMatching(/^sub_\S+\n$/) })
    const id = handed.out.trim()
    const report = await assay(['report', id, '--watch', '--json'], { env })
    expect(report.code).toBe(0)
    expect(reportViewSchema.parse(JSON.parse(report.out))).toMatchObject({ outcome: 'accepted' })
    expect(await assay(['status', id], { env })).toMatchObject({ code: 0, out: `${id}: finished: Accepted, 3 of 3 points\n` })
    expect(await assay(['cancel', id], { env })).toMatchObject({ code: 2, err: expect.stringContaining('over') })
    expect(await assay(['requeue', id], { env })).toMatchObject({ code: 2, err: expect.stringContaining('grader_error') })
  })

  test('an archive is handed in as it is; what is wrong in it is said', async () => {
    using folder = tempFolder()
    const archive = join(folder.path, 'work')
    execFileSync('tar', ['-czf', archive, '-C', `${samples}/accepted`, 'plain'])
    const handed = await assay(['submit', 'sum', archive, '--mode', 'run'], { env })
    expect(handed).toMatchObject({ code: 0, out: expect.stringMatching(/^sub_\S+\n$/) })
    const { files } = (await api.send('GET', `/submissions/${handed.out.trim()}/files`)) as { files: object }
    expect(Object.keys(files)).toEqual(['query.sql'])

    writeFileSync(
      archive,
      buildZip([
        { name: 'query.sql', content: 'SELECT 1' },
        { name: '../x.sql', content: 'x' },
      ]),
    )
    const refused = await assay(['submit', 'sum', archive], { env })
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('/archive/..~1x.sql: expected a relative path') })
  })

  test.each<[string, string[], Record<string, string>, number, string]>([
    ['an unknown exercise', ['submit', 'nix', `${samples}/accepted/plain`], {}, 4, 'there is no exercise "nix"'],
    [
      'a file that the exercise does not take',
      ['submit', 'sum', `${samples}/wrong_answer/count/sample.yaml`],
      {},
      2,
      '/files/sample.yaml: this exercise takes only query.sql',
    ],
    ['no token', ['submit', 'sum', `${samples}/accepted/plain`], { ASSAY_TOKEN: '' }, 3, 'Set ASSAY_TOKEN'],
    [
      'an unknown token',
      ['status', 'sub_x'],
      { ASSAY_TOKEN: `asy_${'0'.repeat(16)}_${'x'.repeat(43)}` },
      3,
      'not a valid token of this server',
    ],
    ['an unknown submission', ['report', 'sub_x'], {}, 4, 'submission sub_x'],
    ['what is no id', ['report', '../exercises'], {}, 4, 'no such thing'],
  ])('with %s is refused with what to do', async (_, args, change, code, words) => {
    const run = await assay(args, { env: { ...env, ...change } })
    expect(run).toMatchObject({ code, out: '', err: expect.stringContaining(words) })
  })

  test("of a learner says that another's is not there", async () => {
    const store = { env: { ASSAY_DATA: data, ASSAY_STORE_URL: '' } }
    const [ada, bob] = await Promise.all(['ada', 'bob'].map(async owner => (await assay(['token', 'add', owner], store)).out.trim()))
    const id = (await assay(['submit', 'sum', `${samples}/accepted/plain`], { env: { ...env, ASSAY_TOKEN: ada! } })).out.trim()
    expect((await assay(['status', id], { env: { ...env, ASSAY_TOKEN: ada! } })).code).toBe(0)
    expect((await assay(['status', id], { env: { ...env, ASSAY_TOKEN: bob! } })).code).toBe(4)
    expect((await assay(['requeue', id], { env: { ...env, ASSAY_TOKEN: ada! } })).code).toBe(3)
  })
})

test('the store of a running server is backed up, and never restored over', async () => {
  const at = { env: { ASSAY_DATA: data, ASSAY_STORE_URL: '' } }
  const backup = join(data, 'copy.sqlite')
  expect(await assay(['backup', backup, '--json'], at)).toMatchObject({ code: 0 })
  expect(await assay(['restore', backup], at)).toMatchObject({ code: 2, err: expect.stringContaining('is in use by process') })
})
