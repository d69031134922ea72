import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { buildTar, pax } from '../../server/uploads/build-tar.ts'
import { buildZip } from '../../server/uploads/build-zip.ts'
import { storm } from '../../server/uploads/hostile.ts'
import type { Platform } from '../platform.ts'
import { allRefused, type Upload } from '../platform-uploads.ts'

/** While these are looked at, others are answered within this: an answer that took longer would be a held-up server. */
const HELD_UP_MS = 10_000

export default async function entryStorm(platform: Platform): Promise<string> {
  const deep = `${'a/'.repeat(10_000)}x.js`
  const none = Buffer.alloc(0)
  const many = <Made>(count: number, make: (at: number) => Made) => Array.from({ length: count }, (_, at) => make(at))
  const thousand = gzipSync(
    buildTar(
      many(1000, at => ({ name: `f${at}.js` })),
      none,
    ),
  )
  const globals = gzipSync(
    buildTar(
      many(1000, () => pax({ comment: 'x'.repeat(400) }, 'g')),
      none,
    ),
  )
  const wide = Object.fromEntries(many(10_000, at => [`k${at}`, '']))
  const uploads: Upload[] = [
    ['170,000 entries in a zip', storm(170_000)],
    ['a million entries in a tar.gz', Buffer.concat([...many(1000, () => thousand), gzipSync(Buffer.alloc(1024))])],
    [
      'a million folders in a tar.gz',
      Buffer.concat(
        many(1000, () =>
          gzipSync(
            buildTar(
              many(1000, () => ({ name: 'lib', type: '5' })),
              none,
            ),
          ),
        ),
      ),
    ],
    ['a million extended headers', Buffer.concat([...many(500, () => globals), gzipSync(buildTar([{ name: 'server.js' }]))])],
    ['an extended header of 10,000 records', gzipSync(buildTar([pax(wide, 'g'), ...many(900, at => ({ name: `f${at}.js` }))]))],
    ['extended headers that count back', buildTar([{ name: 'p', type: 'x', content: '-9 a=b\n'.repeat(5000) }, { name: 'server.js' }])],
    ['65,535 said, one there', buildZip([{ name: 'server.js' }], { count: 65_535 })],
    ['10,000 folders deep in a zip', buildZip([{ name: deep, content: 'x' }])],
    ['10,000 folders deep in a tar', buildTar([pax({ path: deep }), { name: 'x.js', content: 'x' }])],
    ['a name of 64 KB', buildZip([{ name: 'x'.repeat(65_535), content: 'x' }])],
    ['900 names of 16 KB', buildZip(many(900, at => ({ name: `${at}${'x'.repeat(16_000)}`, content: '' })))],
    ['10,000 folders deep in a map', { [deep]: 'x' }],
    ['100,000 files in a map', Object.fromEntries(many(100_000, at => [`f${at}.js`, '']))],
    ['nested without end', `{"exercise":"greeting","files":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`],
    ['one name 50,000 times', `{"exercise":"greeting","files":{${'"a":"","a":"",'.repeat(500)}"a":""}}`],
  ]
  const watcher = await platform.person({ role: 'staff' })
  let slowest = 0
  const over = new AbortController()
  const watching = (async () => {
    while (!over.signal.aborted) {
      const began = performance.now()
      assert.equal((await platform.request('GET', '/livez', { as: watcher })).status, 200)
      slowest = Math.max(slowest, performance.now() - began)
    }
  })()
  const proof = await allRefused(platform, uploads).finally(() => over.abort())
  await watching
  assert.ok(slowest < HELD_UP_MS, `another request waited ${Math.round(slowest)} ms meanwhile`)
  return `${proof}; others waited at most ${Math.round(slowest)} ms`
}
