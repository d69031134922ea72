import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { rateLimits } from '../../../server/rate-limit.ts'
import { TestApi } from '../api/api.ts'
import { buildTar, pax } from './build-tar.ts'
import { buildZip, fields, type ZipEntry } from './build-zip.ts'
import { FORM_TYPE, buildForm, formOf } from './form.ts'
import { overlapping, quine, storm, unicodeName, unixExtra, zip64End } from './hostile.ts'

/* Each archive is answered with one clear problem, and nothing of it is kept. */
let api: TestApi
const MANY = { nobody: 1e6, learner: 1e6, staff: 1e6, admin: 1e6 }
beforeAll(async () => void (api = await TestApi.open({ rateLimits: rateLimits(MANY, MANY) })))
afterAll(() => api[Symbol.asyncDispose]())
afterEach(async () => expect((await api.call('GET', '/api/v1/submissions', { as: 'staff' })).json['items']).toEqual([]))

const MiB = 1024 * 1024
const good: ZipEntry = { name: 'server.js', content: 'listen()' }
const zip = (...entries: ZipEntry[]) => buildZip(entries)
const named = (name: string | Buffer) => [zip({ ...good, name }), buildTar([{ name, content: 'x' }])] as const
const NOISE = Buffer.from(Array.from({ length: 4096 }, (_, at) => 32 + ((at * 7919 + (at >> 3) * 104729) % 90)))

type Row = [what: string, archive: Buffer, pointer: string, detail: string]

/** Names that no archive may hold, in every kind of archive. */
const NAMES: [what: string, name: string | Buffer, pointer: string, detail: string][] = [
  ['that leaves the folder', '../server.js', '/archive/..~1server.js', 'relative path'],
  ['that leaves the folder later', 'lib/../../server.js', '/archive/lib~1..~1..~1server.js', 'relative path'],
  ['that is absolute', '/etc/passwd', '/archive/~1etc~1passwd', 'relative path'],
  ['with backslashes', '..\\..\\server.js', '/archive/..\\..\\server.js', 'may hold'],
  ['with a drive', 'C:\\server.js', '/archive/C:\\server.js', 'may hold'],
  ['with a line feed', 'a\nb.js', '/archive/a\nb.js', 'may hold'],
  ['with a command in it', '$(id).js', '/archive/$(id).js', 'may hold'],
  ['like an option', '-rf.js', '/archive/-rf.js', 'begin with "-"'],
  ['written from right to left', '\u202Esj.revres', '/archive/\u202Esj.revres', 'may hold'],
  ['of other letters', 'sérver.js', '/archive/sérver.js', 'may hold'],
  ['that is no UTF-8', Buffer.from('s\xffrver.js', 'latin1'), '/archive/s\uFFFDrver.js', 'not valid UTF-8'],
  [
    'of an overlong dot',
    Buffer.from('\xc0\xae\xc0\xae/server.js', 'latin1'),
    '/archive/\uFFFD\uFFFD\uFFFD\uFFFD~1server.js',
    'not valid UTF-8',
  ],
  ['in a reserved folder', 'node_modules/x/index.js', '/archive/node_modules~1x~1index.js', 'reserved'],
  ['of a package manager', '.npmrc', '/archive/.npmrc', 'begin with "."'],
  ['of PHP', 'lib/.user.ini', '/archive/lib~1.user.ini', 'begin with "."'],
  ['of Docker', 'Dockerfile', '/archive/Dockerfile', 'reserved'],
  ['of git', '.git/hooks/post-checkout', '/archive/.git~1hooks~1post-checkout', 'begin with "."'],
  ['of the prototype', '__proto__', '/archive/__proto__', 'reserved'],
  ['that the exercise does not take', 'notes.txt', '/archive/notes.txt', 'takes only'],
  ['too deep', 'a/'.repeat(40) + 'x.js', `/archive/${'a~1'.repeat(40)}x.js`, '8 levels'],
]
/** What the fields of a tar's header have no room for, or end. */
const ZIP_NAMES: typeof NAMES = [
  ['with a NUL', 'server.js\0.txt', '/archive/server.js\0.txt', 'may hold'],
  ['of 4 KB', 'x'.repeat(4096), `/archive/${'x'.repeat(120)}…`, '1 to 200 bytes'],
  ['10,000 folders deep', `${'a/'.repeat(10_000)}x.js`, `/archive/${'a~1'.repeat(60)}…`, '1 to 200 bytes'],
  ['that is empty', '', '/archive/', '1 to 200 bytes'],
]

const ROWS: Row[] = [
  ...NAMES.flatMap(([what, name, pointer, detail]): Row[] => {
    const [zipped, tarred] = named(name)
    return [
      [`a zip with a name ${what}`, zipped, pointer, detail],
      [`a tar with a name ${what}`, tarred, pointer, detail],
    ]
  }),
  ...ZIP_NAMES.flatMap(([what, name, pointer, detail]): Row[] => [
    [`a zip with a name ${what}`, named(name)[0], pointer, detail],
    ...(name === ''
      ? []
      : [[`a tar with an extended name ${what}`, buildTar([pax({ path: name as string }), { name: 'x' }]), pointer, detail] as Row]),
  ]),
  ['a folder that leaves the folder', zip(good, { name: '../../tmp/', mode: 0o040755 }), '/archive/..~1..~1tmp', 'relative path'],

  [
    'a symbolic link in a zip',
    zip(good, { name: 'lib/x.js', content: '/etc/passwd', mode: 0o120777 }),
    '/archive/lib~1x.js',
    'a symbolic link',
  ],
  ['a FIFO in a zip', zip(good, { name: 'x.js', mode: 0o010644 }), '/archive/x.js', 'a FIFO'],
  ['a device in a zip', zip(good, { name: 'x.js', mode: 0o060644 }), '/archive/x.js', 'a block device'],
  ['a socket in a zip', zip(good, { name: 'x.js', mode: 0o140644 }), '/archive/x.js', 'a socket'],
  ['a link in an extra field', zip(good, { name: 'x.js', extra: unixExtra('/etc/passwd') }), '/archive/x.js', 'is a link'],
  ...(
    [
      ['1', 'a hard link'],
      ['2', 'a symbolic link'],
      ['3', 'a character device'],
      ['4', 'a block device'],
      ['6', 'a FIFO'],
      ['7', 'something else'],
      ['S', 'something else'],
      ['M', 'something else'],
      ['V', 'something else'],
    ] as const
  ).map(([type, detail]): Row => [
    `${detail} (${type}) in a tar`,
    buildTar([{ name: 'x.js', type, link: '/etc/passwd' }]),
    '/archive/x.js',
    detail,
  ]),

  ['a bomb', zip({ ...good, content: Buffer.alloc(9 * MiB, 32) }), '/archive', 'more than 100 times'],
  [
    'a bomb in a tar.gz',
    gzipSync(buildTar([{ name: 'server.js', content: Buffer.alloc(9 * MiB, 32) }])),
    '/archive',
    'more than 100 times',
  ],
  [
    'a bomb of a hundred files',
    zip(...Array.from({ length: 100 }, (_, at) => ({ name: `f${at}.js`, content: Buffer.alloc(MiB / 2, 32) }))),
    '/archive',
    'more than 100 times',
  ],
  [
    'a bomb that says it is small',
    zip({ ...good, packed: deflateRawSync(Buffer.alloc(9 * MiB, 32)), says: 10, crc: 0 }),
    '/archive/server.js',
    'more than the 10 bytes',
  ],
  ['a bomb of gzip in gzip', gzipSync(gzipSync(Buffer.alloc(9 * MiB))), '/archive', 'no tar'],
  [
    'gzip that never ends a tar',
    gzipSync(Buffer.concat([buildTar([{ name: 'server.js' }]), Buffer.alloc(14 * MiB)])),
    '/archive',
    'more than 100 times',
  ],
  [
    'more than all files may have',
    buildTar(Array.from({ length: 11 }, (_, at) => ({ name: `f${at}.js`, content: Buffer.alloc(MiB, NOISE) }))),
    '/archive',
    `more than ${10 * MiB} bytes`,
  ],
  [
    'a file larger than any may be',
    buildTar([{ name: 'server.js', content: Buffer.alloc(MiB + 1, NOISE) }]),
    '/archive/server.js',
    'at most 1048576 bytes',
  ],
  [
    'a file larger than this exercise takes',
    buildTar([{ name: 'server.js', content: Buffer.alloc(MiB / 2, NOISE) }]),
    '/archive/server.js',
    'at most 262144 bytes',
  ],
  ['overlapping entries', overlapping(), '/archive', 'overlap'],
  ['one content under many names', quine(), '/archive', 'overlap'],

  ['a storm of entries in a zip', storm(5_000), '/archive', 'more than 1000 entries'],
  [
    'a storm of entries in a tar',
    gzipSync(buildTar(Array.from({ length: 2_000 }, (_, at) => ({ name: `f${at}.js` })))),
    '/archive',
    'more than 1000 entries',
  ],
  [
    'more files than this exercise takes',
    zip(...Array.from({ length: 60 }, (_, at) => ({ name: `f${at}.js` }))),
    '/archive',
    'at most 50 files',
  ],

  ['a name twice', zip(good, good), '/archive/server.js', 'twice'],
  ['a name twice in a tar', buildTar([{ name: 'server.js' }, { name: './server.js' }]), '/archive/server.js', 'twice'],
  ['a name twice but for its case', zip(good, { ...good, name: 'Server.js' }), '/archive/Server.js', 'only in case'],
  [
    'a name twice but for its composition',
    zip({ ...good, name: 'é.js' }, { ...good, name: 'e\u0301.js' }),
    '/archive/e\u0301.js',
    'composition',
  ],
  ['a file that is a folder too', zip({ name: 'lib', content: 'x' }, { name: 'lib/', mode: 0o040755 }), '/archive/lib', 'twice'],
  [
    'a file below a file',
    zip({ name: 'lib/x', content: 'x' }, { name: 'lib/x/y.js', content: 'x' }),
    '/archive/lib~1x~1y.js',
    'which is a file',
  ],
  ['another name before the content', zip({ ...good, local: { name: 'lib/xx.js' } }), '/archive/server.js', 'two names'],
  ['another name in an extra field', zip({ ...good, extra: unicodeName('../x.js') }), '/archive/server.js', 'two names'],
  ['another method before the content', zip({ ...good, local: { method: 0 } }), '/archive/server.js', 'two ways'],
  ['another size before the content', zip({ ...good, local: { says: 1 } }), '/archive/server.js', 'two sizes'],
  [
    'another checksum behind the content',
    zip({ ...good, streamed: true, descriptor: fields([4, 0x08074b50], [4, 1], [4, 1], [4, 1]) }),
    '/archive/server.js',
    'two sizes',
  ],
  ['a wrong checksum', zip({ ...good, crc: 1 }), '/archive/server.js', 'checksum'],
  ['a size too large', zip({ ...good, says: 100 }), '/archive/server.js', 'not the 100'],
  ['two sizes of one stored', zip({ ...good, stored: true, says: 3 }), '/archive/server.js', 'two sizes'],
  [
    'bytes behind a content',
    zip({ ...good, packed: Buffer.concat([deflateRawSync('listen()'), Buffer.from('more')]) }),
    '/archive/server.js',
    'behind its end',
  ],
  ['a broken content', zip({ ...good, packed: Buffer.from('\xff\xff\xff\xff', 'latin1') }), '/archive/server.js', 'damaged'],
  ['a folder with a content', zip(good, { name: 'lib/', content: 'x', mode: 0o040755 }), '/archive/lib~1', 'folder with a content'],
  ['encryption', zip({ ...good, flags: 1 }), '/archive/server.js', 'encrypted'],
  ['strong encryption', zip({ ...good, flags: 0x41 }), '/archive', 'encryption'],
  ['encryption by AES', zip({ ...good, method: 99 }), '/archive/server.js', 'encrypted'],
  ['a method that nobody asked for', zip({ ...good, method: 14 }), '/archive/server.js', 'method 14'],
  ['zip64 sizes that nobody needs', zip({ ...good, extra: Buffer.concat([fields([2, 1], [2, 8]), Buffer.alloc(8)]) }), '/archive', 'zip64'],
  ['a zip64 end that says something else', buildZip([good], { beforeEnd: zip64End() }), '/archive', 'zip'],
  ['a content outside of the archive', zip({ ...good, offset: 1_000_000 }), '/archive', 'can not be read'],
  ['something before it', buildZip([good], { prepend: Buffer.from('#!/bin/sh\nexit 0\n') }), '/archive', 'first bytes'],
  ['another zip before it', buildZip([good], { prepend: zip({ ...good, name: 'other.js' }) }), '/archive', 'belong to no entry'],
  [
    'another zip before it that is not counted',
    buildZip([good], { prepend: zip({ ...good, name: 'other.js' }), prependCounted: false }),
    '/archive',
    'zip',
  ],
  ['something behind it', buildZip([good], { append: Buffer.from('more') }), '/archive', 'can not be read'],
  ['something before the directory', buildZip([good], { gap: Buffer.from('more') }), '/archive', 'belong to no entry'],
  ['a directory that says more entries', buildZip([good], { count: 9 }), '/archive', 'zip'],
  [
    'a directory that says another length',
    withEnd(end => end.writeUInt32LE(end.readUInt32LE(12) + 1, 12)),
    '/archive',
    'not as long as it says',
  ],
  ['a directory that says two counts', withEnd(end => end.writeUInt16LE(2, 8)), '/archive', 'not as long as it says'],
  ['a directory that says fewer entries', buildZip([good, { ...good, name: 'x.js' }], { count: 1 }), '/archive', 'zip'],
  ['half a zip', zip(good).subarray(0, 60), '/archive', 'can not be read'],
  ['an empty zip', zip(), '/archive', 'no files'],
  ['folders alone', zip({ name: 'lib/', mode: 0o040755 }), '/archive', 'no files'],

  ['an empty tar', Buffer.concat([buildTar([{ name: 'lib', type: '5' }])]), '/archive', 'no files'],
  ['half a tar', buildTar([{ name: 'server.js', content: 'x'.repeat(2000) }]).subarray(0, 1024), '/archive', 'ends too early'],
  ['a tar without its end', buildTar([{ name: 'server.js', content: 'x' }], Buffer.alloc(0)), '/archive', 'ends too early'],
  [
    'a tar with something behind it',
    Buffer.concat([buildTar([{ name: 'server.js', content: 'x' }]), buildTar([{ name: 'x.js' }])]),
    '/archive',
    'behind its end',
  ],
  ['a tar with a broken checksum', buildTar([{ name: 'server.js' }, { name: 'x.js', checksum: 7 }]), '/archive', 'broken header'],
  ['a tar of a size below zero', buildTar([{ name: 'server.js', says: '-0000000001\0' }]), '/archive', 'broken header'],
  [
    'a tar of a size in binary',
    buildTar([{ name: 'server.js', says: '\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff' }]),
    '/archive',
    'broken header',
  ],
  ['a tar of a size beyond it', buildTar([{ name: 'server.js', says: '77777777777\0' }]), '/archive', 'ends too early'],
  ['an extended size', buildTar([pax({ size: '1' }), { name: 'server.js', content: 'xy' }]), '/archive', 'sets "size"'],
  [
    'an extended header for all',
    buildTar([pax({ path: 'server.js' }, 'g'), { name: 'x.js' }, { name: 'y.js' }]),
    '/archive',
    'sets "path"',
  ],
  ['a sparse file', buildTar([pax({ 'GNU.sparse.major': '1' }), { name: 'server.js' }]), '/archive', 'sets "GNU.sparse.major"'],
  [
    'a broken extended header',
    buildTar([{ name: 'p', type: 'x', content: '-5 a=\n' }, { name: 'server.js' }]),
    '/archive',
    'broken extended header',
  ],
  [
    'an endless extended header',
    buildTar([pax({ comment: 'x'.repeat(100_000) }), { name: 'server.js' }]),
    '/archive',
    'extended header of more than',
  ],
  ['a long name for nothing', buildTar([{ name: 'server.js' }, { name: 'L', type: 'L', content: 'x.js\0' }]), '/archive', 'ends too early'],
  ['gzip of something else', gzipSync('hello'), '/archive', 'no tar'],
  ['half a gzip', gzipSync(buildTar([{ name: 'server.js', content: NOISE }])).subarray(0, 200), '/archive', 'broken or not whole'],
  ['gzip with something behind it', Buffer.concat([gzipSync(buildTar([{ name: 'server.js' }])), Buffer.from('more')]), '/archive', 'gzip'],
  ['no archive but text', Buffer.from('console.log(1)\n'.repeat(50)), '/archive', 'first bytes'],
  ['rar', Buffer.concat([Buffer.from('Rar!\x1a\x07\x01\0', 'latin1'), Buffer.alloc(600)]), '/archive', 'first bytes'],
  ['nothing', Buffer.alloc(0), '/archive', 'first bytes'],

  [
    'a program',
    zip({ ...good, content: Buffer.from('\x7fELF\x02\x01\x01\0\xff\xfe', 'latin1') }),
    '/archive/server.js',
    'not text in UTF-8',
  ],
  ['text of another encoding', zip({ ...good, content: Buffer.from('caf\xe9', 'latin1') }), '/archive/server.js', 'not text in UTF-8'],
  ['an encoded surrogate', zip({ ...good, content: Buffer.from('\xed\xa0\x80', 'latin1') }), '/archive/server.js', 'not text in UTF-8'],
  ['NUL characters', zip({ ...good, content: 'a\0b' }), '/archive/server.js', 'NUL'],
]

/** A good zip whose last record is changed. */
function withEnd(change: (end: Buffer) => void): Buffer {
  const zip = buildZip([good])
  change(zip.subarray(zip.length - 22))
  return zip
}

test.each(ROWS)('%s', async (_what, archive, pointer, detail) => {
  const answer = await api.call('POST', '/api/v1/submissions', { payload: formOf(archive), headers: { 'content-type': FORM_TYPE } })
  expect(answer).toMatchObject({ status: 422, json: { type: 'not-acceptable', status: 422 } })
  expect(answer.headers['content-type']).toBe('application/problem+json')
  const errors = answer.json['errors'] as { pointer: string; detail: string; in: string }[]
  expect(errors).toContainEqual({ pointer, in: 'body', detail: expect.stringContaining(detail) as string })
})

describe('a form', () => {
  const archive = { name: 'archive', value: zip(good), filename: 'work.zip' }
  const exercise = { name: 'exercise', value: 'hello' }

  test.each<[what: string, payload: Buffer, status: number, pointer: string]>([
    ['without an archive', buildForm([exercise]), 400, '/archive'],
    ['with nothing', buildForm([]), 400, '/archive'],
    ['with two archives', buildForm([exercise, archive, archive]), 400, '/archive'],
    ['with another file', buildForm([exercise, { ...archive, name: 'files' }]), 400, '/files'],
    ['with an archive as text', buildForm([exercise, { name: 'archive', value: 'PK' }]), 400, '/archive'],
    ['with files as text', buildForm([exercise, archive, { name: 'files', value: '{}' }]), 400, '/files'],
    ['with files as JSON', buildForm([exercise, archive, { name: 'files', value: '{}', type: 'application/json' }]), 400, '/files'],
    ['without an exercise', buildForm([archive]), 400, '/exercise'],
    ['with two exercises', buildForm([exercise, exercise, archive]), 400, '/exercise'],
    ['with a field too long', buildForm([{ name: 'exercise', value: 'x'.repeat(2000) }, archive]), 400, '/exercise'],
    ['with an unknown field', buildForm([exercise, { name: 'score', value: '100' }, archive]), 400, '/score'],
    ['with a field of the prototype', buildForm([exercise, { name: '__proto__', value: '1' }, archive]), 400, ''],
    ['with a constructor', buildForm([exercise, { name: 'constructor', value: '1' }, archive]), 400, ''],
    [
      'with many fields',
      buildForm([exercise, archive, ...Array.from({ length: 50 }, (_, at) => ({ name: `f${at}`, value: '' }))]),
      400,
      '',
    ],
    ['that never ends', buildForm([exercise, archive], ''), 400, ''],
    ['that is no form', Buffer.from('{"exercise":"hello"}'), 400, ''],
    ['with an archive too large', formOf(Buffer.alloc(15.5 * MiB)), 413, ''],
  ])('%s', async (_what, payload, status, pointer) => {
    const answer = await api.call('POST', '/api/v1/submissions', { payload, headers: { 'content-type': FORM_TYPE } })
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status })
    if (status === 400) expect((answer.json['errors'] as { pointer: string }[]).map(error => error.pointer)).toContain(pointer)
  })

  test('without a boundary', async () => {
    const headers = { 'content-type': 'multipart/form-data' }
    expect((await api.call('POST', '/api/v1/submissions', { payload: formOf(zip(good)), headers })).status).toBe(400)
  })

  test.each(['/api/v1/submissions/sub_1/cancel', '/api/v1/exercises/reload'])('is taken nowhere else: %s', async url => {
    const answer = await api.call('POST', url, { payload: formOf(zip(good)), headers: { 'content-type': FORM_TYPE }, as: 'admin' })
    expect(answer.status).toBe(415)
  })
})

test('an upload that never ends is answered at its limit, while it is still being sent', async () => {
  await api.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = api.app.server.address() as { port: number }
  const form = formOf(Buffer.alloc(0))
  const headers = { authorization: `Bearer ${api.tokens.learner}`, 'content-type': FORM_TYPE, 'transfer-encoding': 'chunked' }
  const upload = request({ port, host: '127.0.0.1', method: 'POST', path: '/api/v1/submissions', headers })
  const answered = once(upload, 'response') as Promise<[IncomingMessage]>
  upload.write(form.subarray(0, form.indexOf('\r\n--', form.indexOf('filename'))))
  const chunk = Buffer.alloc(64 * 1024, 'PK')
  const send = () => {
    while (!upload.destroyed && upload.write(chunk));
    upload.once('drain', send)
  }
  send()
  const [response] = await answered
  expect(response.statusCode).toBe(413)
  expect(response.headers['content-type']).toBe('application/problem+json')
  expect(JSON.parse((await response.setEncoding('utf8').toArray()).join(''))).toMatchObject({ type: 'too-large' })
  upload.destroy()
})
