import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tempFolder } from '../../support/temp-folder.ts'
import { TestApi } from '../api/api.ts'
import { buildTar, pax } from './build-tar.ts'
import { buildZip } from './build-zip.ts'
import { FORM_TYPE, formOf } from './form.ts'

/* Archives as people make them, by the usual programs and their oddities, come out as the same files. */
let api: TestApi
beforeAll(async () => void (api = await TestApi.open()))
afterAll(() => api[Symbol.asyncDispose]())

const SERVER = "console.log('grüß dich')\n"
const LIB = 'export default 1\n'
const files = { 'server.js': SERVER, 'lib/one.js': LIB }
const zipped = [
  { name: 'server.js', content: SERVER },
  { name: 'lib/', mode: 0o040755 },
  { name: 'lib/one.js', content: LIB },
]
const tarred = [
  { name: 'server.js', content: SERVER },
  { name: 'lib/', type: '5' },
  { name: 'lib/one.js', content: LIB },
]
const below = <Named extends { name: string }>(folder: string, entries: readonly Named[]) =>
  entries.map(entry => ({ ...entry, name: `${folder}${entry.name}` }))

async function post(archive: Buffer, given: { fields?: Record<string, string>; filename?: string; headers?: Record<string, string> } = {}) {
  const payload = formOf(archive, given.fields, given.filename)
  return api.call('POST', '/api/v1/submissions', { payload, headers: { 'content-type': FORM_TYPE, ...given.headers } })
}

async function filesOf(id: unknown): Promise<unknown> {
  return (await api.call('GET', `/api/v1/submissions/${String(id)}/files`)).json['files']
}

describe('the same files come out of', () => {
  test.each<[string, Buffer]>([
    ['a zip', buildZip(zipped)],
    ['a stored zip', buildZip(zipped.map(entry => ({ ...entry, stored: true })))],
    ['a streamed zip', buildZip(zipped.map(entry => ({ ...entry, streamed: !entry.name.endsWith('/') })))],
    ['a zip with a comment', buildZip(zipped, { comment: 'f'.repeat(40) })],
    ['a zip of a system without modes', buildZip(zipped.map(entry => ({ ...entry, mode: 0 })))],
    ['a zip of a folder, as a code host makes it', buildZip(below('work-main/', [{ name: '', mode: 0o040755 }, ...zipped]))],
    [
      'a zip of macOS',
      buildZip([
        ...zipped,
        { name: '__MACOSX/', mode: 0o040755 },
        { name: '__MACOSX/._server.js', content: Buffer.from([0, 5, 22, 7, 255]) },
        { name: '.DS_Store', content: '\0' },
      ]),
    ],
    ['a tar', buildTar(tarred)],
    ['a tar.gz', gzipSync(buildTar(tarred))],
    ['a tar of GNU', buildTar(tarred.map(entry => ({ ...entry, magic: 'ustar  \0' })))],
    ['a tar from inside the folder', buildTar(below('./', [{ name: '', type: '5' }, ...tarred]))],
    ['a tar of the folder', gzipSync(buildTar(below('work/', [{ name: '', type: '5' }, ...tarred])))],
    ['a tar of git', gzipSync(buildTar([pax({ comment: 'f'.repeat(40) }, 'g'), ...tarred]))],
    [
      'a tar with extended headers',
      buildTar([pax({ path: 'server.js', mtime: '1.5' }), { name: 'short', content: SERVER }, ...tarred.slice(1)]),
    ],
    [
      'a tar with a long name of GNU',
      buildTar([{ name: '././@LongLink', type: 'L', content: 'server.js\0' }, { name: 'short', content: SERVER }, ...tarred.slice(1)]),
    ],
    ['a tar of macOS', buildTar([{ name: './._server.js', content: Buffer.from([0, 5, 22, 7, 255]) }, ...tarred])],
    ['a tar with more zeros behind it', Buffer.concat([buildTar(tarred), Buffer.alloc(8192)])],
  ])('%s', async (_what, archive) => {
    const { status, json } = await post(archive)
    expect({ status, errors: json['errors'] }).toEqual({ status: 202, errors: undefined })
    expect(await filesOf(json['id'])).toEqual(files)
  })

  test.each<[string, string[]]>([
    ['tar', ['tar', '-cf', '../made', '.']],
    ['tar -z', ['tar', '-czf', '../made', '.']],
    ['tar --format=pax', ['tar', '--format=pax', '-czf', '../made', 'server.js', 'lib']],
    ['tar --format=v7 with a magic', ['tar', '--format=ustar', '-cf', '../made', 'server.js', 'lib/one.js']],
    [
      'git archive',
      [
        'sh',
        '-c',
        'git init -q . && git add . && git -c user.name=a -c user.email=a@b.test commit -qm a && git archive --format=zip -o ../made HEAD',
      ],
    ],
    [
      'git archive --prefix',
      [
        'sh',
        '-c',
        'git init -q . && git add . && git -c user.name=a -c user.email=a@b.test commit -qm a && git archive --prefix=work-main/ --format=tar.gz -o ../made HEAD',
      ],
    ],
  ])('%s', async (_what, [program, ...args]) => {
    using folder = tempFolder()
    const work = join(folder.path, 'work')
    mkdirSync(join(work, 'lib'), { recursive: true })
    for (const [path, text] of Object.entries(files)) writeFileSync(join(work, path), text)
    execFileSync(program!, args, { cwd: work })
    const { status, json } = await post(readFileSync(join(folder.path, 'made')))
    expect({ status, errors: json['errors'] }).toEqual({ status: 202, errors: undefined })
    expect(await filesOf(json['id'])).toEqual(files)
  })
})

test('its kind is told by its first bytes, whatever its name and type say', async () => {
  const { status } = await post(buildTar(tarred), { filename: '../../$(id).zip' })
  expect(status).toBe(202)
})

test('mode and runtime come as fields', async () => {
  const { json } = await post(buildZip(zipped), { fields: { mode: 'run', runtime: 'node' } })
  expect(json).toMatchObject({ state: 'queued', exercise: 'hello', mode: 'run', runtime: 'node' })
})

test('a folder around the files is taken off only where the exercise could not take them otherwise', async () => {
  const { status, json } = await post(buildZip([{ name: 'query.sql/query.sql', content: 'SELECT 1' }]), {
    fields: { exercise: 'late-orders' },
  })
  expect({ status, files: await filesOf(json['id']) }).toEqual({ status: 202, files: { 'query.sql': 'SELECT 1' } })
  const inLib = await post(buildZip([{ name: 'lib/one.js', content: LIB }]))
  expect(await filesOf(inLib.json['id'])).toEqual({ 'lib/one.js': LIB })
})

test('the same files under the same key are the same request, however they are packed', async () => {
  const headers = { 'idempotency-key': 'packed-once' }
  const first = await post(buildZip(zipped), { headers })
  const again = await post(gzipSync(buildTar(tarred)), { headers })
  expect(again.json['id']).toBe(first.json['id'])
  const asJson = await api.call('POST', '/api/v1/submissions', { body: { exercise: 'hello', files }, headers })
  expect(asJson.json['id']).toBe(first.json['id'])
  const other = await post(buildZip([...zipped, { name: 'more.js', content: '' }]), { headers })
  expect(other).toMatchObject({ status: 422, json: { type: 'key-reused' } })
})
