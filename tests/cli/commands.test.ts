import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assay, ROOT } from './run-assay.ts'

let scratch: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'assay-cli-'))
  await mkdir(join(scratch, 'empty'))
  await mkdir(join(scratch, 'linked'))
  await symlink('/etc/passwd', join(scratch, 'linked', 'query.sql'))
  await mkdir(join(scratch, 'broken'))
  await writeFile(join(scratch, 'broken', 'exercise.yaml'), 'kind: qurey\ntitle: 7\n')
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

const fixtures = join(ROOT, 'tests/cli/fixtures')

describe('a command that cannot begin', () => {
  test.each<[string, (at: string) => string[], number, string[]]>([
    ['without arguments', () => ['grade'], 2, ["missing required argument 'exercise'"]],
    ['an unknown option', () => ['grade', 'a', 'b', '--jsn'], 2, ["unknown option '--jsn'", '--json']],
    ['an unknown mode', () => ['submit', 'a', 'b', '--mode', 'try'], 2, ['Allowed choices are run, submit']],
    ['a seed that is none', () => ['grade', 'a', 'b', '--seed', '1.5'], 2, ['expected a whole number']],
    ['no jobs', () => ['check', '--all', '--jobs', '0'], 2, ['expected a number from 1 to 64']],
    ['an unknown exercise', at => ['grade', 'nowhere', at], 4, ['There is no exercise "nowhere"', 'There are: sum']],
    ['an unknown exercise to check', () => ['check', 'nowhere'], 4, ['There is no exercise "nowhere"']],
    ['nothing to check', () => ['check'], 2, ['Name the exercises to check, or give --all']],
    ['a folder that is not there', at => ['grade', 'sum', `${at}/none`], 2, ['There is no folder']],
    ['an empty folder', at => ['grade', 'sum', `${at}/empty`], 2, ['holds no files to hand in']],
    ['a link in the folder', at => ['grade', 'sum', `${at}/linked`], 2, ['query.sql: is a symbolic link']],
    [
      'an exercise that cannot be read',
      at => ['grade', `${at}/broken`, `${at}/empty`],
      2,
      ['"kind" in', 'exercise.yaml:1:', 'expected one of endpoint, query, migration', 'got "qurey"'],
    ],
    [
      'a runtime that is not offered',
      at => ['grade', 'sum', `${at}/broken`, '--runtime', 'node'],
      2,
      ['"sum" is not offered in node; it is in sql.'],
    ],
    ['a bad setting', () => ['status', 'sub_1'], 2, ['"ASSAY_URL" in environment']],
  ])('%s', async (_, args, code, words) => {
    const env: Record<string, string> = { ASSAY_EXERCISES: join(fixtures, 'library') }
    const given = args(scratch)
    if (given[0] === 'status') env['ASSAY_URL'] = 'not an address'
    const run = await assay(given, { env })
    for (const word of words) expect(run.err).toContain(word)
    expect(run).toMatchObject({ code, out: '' })
  })

  test.each(['grade', 'check', 'submit', 'report', 'token add', 'restore'])('%s --help shows its use', async command => {
    const run = await assay([...command.split(' '), '--help'])
    expect(run).toMatchObject({ code: 0, err: '', out: expect.stringContaining(`Usage: assay ${command}`) })
  })

  test('without a server that answers says how to get one', async () => {
    const run = await assay(['status', 'sub_1'], { env: { ASSAY_URL: 'http://127.0.0.1:1' } })
    expect(run).toMatchObject({ code: 5, out: '', err: expect.stringContaining('No Assay server answers at http://127.0.0.1:1') })
  })
})

describe('an operator', () => {
  const data = () => ({ env: { ASSAY_DATA: join(scratch, 'data'), ASSAY_STORE_URL: '' } })

  test('makes, lists and revokes tokens; the token alone is on stdout', async () => {
    const made = await assay(['token', 'add', 'ada', '--group', 'class-3b', '--role', 'staff'], data())
    expect(made).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^asy_[0-9a-f]{16}_\S{43}\n$/),
      err: expect.stringContaining('of ada (staff, group class-3b)'),
    })
    const token = made.out.trim()

    const listed = await assay(['token', 'list'], data())
    expect(listed).toMatchObject({ code: 0, out: expect.stringMatching(/ada\s+class-3b\s+staff/) })
    expect(listed.out).not.toContain(token)

    expect(await assay(['token', 'revoke', token], data())).toMatchObject({ code: 0, out: expect.stringContaining('is revoked') })
    expect(await assay(['token', 'revoke', token], data())).toMatchObject({
      code: 4,
      err: expect.stringContaining('There is no valid token'),
    })
    const json = JSON.parse((await assay(['token', 'list', '--json'], data())).out) as { items: { revokedAt: string | null }[] }
    expect(json.items).toEqual([expect.objectContaining({ owner: 'ada', revokedAt: expect.any(String) })])
  })

  test('refuses a name that would not stay on its line', async () => {
    expect(await assay(['token', 'add', 'ada\u001b[2J'], data())).toMatchObject({ code: 2, out: '' })
  })

  test('backs the store up, checks the backup, and restores it beside what was there', async () => {
    const backup = join(scratch, 'copy.sqlite')
    await assay(['token', 'add', 'before'], data())
    expect(await assay(['backup', backup], data())).toMatchObject({ code: 0, out: expect.stringContaining('tokens') })
    expect(await assay(['backup', backup], data())).toMatchObject({ code: 2, err: expect.stringContaining('is there already') })
    expect(await assay(['restore', '--check', backup], data())).toMatchObject({ code: 0, out: expect.stringContaining('can be restored') })

    await assay(['token', 'add', 'after'], data())
    expect(await assay(['restore', backup], data())).toMatchObject({ code: 0, out: expect.stringContaining('is kept at') })
    const { out } = await assay(['token', 'list'], data())
    expect(out).toContain('before')
    expect(out).not.toContain('after')
  })

  test('is told what is wrong with a damaged backup', async () => {
    const damaged = join(scratch, 'damaged.sqlite')
    const whole = await readFile(join(scratch, 'data', 'assay.sqlite'))
    await writeFile(damaged, whole.fill(0x41, 4096))
    expect(await assay(['restore', '--check', damaged], data())).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining("can't be restored from"),
    })
    const none = join(scratch, 'none.sqlite')
    await writeFile(none, 'this is no store')
    expect((await assay(['restore', '--check', none], data())).code).toBe(1)
    expect((await assay(['restore', '--check', join(scratch, 'nowhere')], data())).code).toBe(4)
  })

  test('gets no store made by a mistyped folder', async () => {
    expect(await assay(['token', 'list'], { env: { ASSAY_DATA: join(scratch, 'mistyped'), ASSAY_STORE_URL: '' } })).toMatchObject({
      code: 4,
      err: expect.stringContaining('There is no store at'),
    })
  })
})
