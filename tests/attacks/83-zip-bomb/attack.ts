import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { constants, deflateRawSync, gzipSync } from 'node:zlib'
import { buildTar } from '../../server/uploads/build-tar.ts'
import { buildZip } from '../../server/uploads/build-zip.ts'
import { overlapping, quine } from '../../server/uploads/hostile.ts'
import type { Platform } from '../platform.ts'
import { allRefused, type Upload } from '../platform-uploads.ts'

const MiB = 1024 * 1024
/** One upload's body, its copy as an archive, and what may come out of it; with room for the collector to be late. */
const GROWS_AT_MOST = 200 * MiB

export default async function zipBomb(platform: Platform): Promise<string> {
  const zeros = Buffer.alloc(16 * MiB)
  // A block of deflate that isn't the last can be said again and again: 14 MB that unpack to 14 GB.
  const block = deflateRawSync(zeros, { finishFlush: constants.Z_FULL_FLUSH })
  const packed = Buffer.concat([...Array.from({ length: 850 }, () => block), deflateRawSync(Buffer.alloc(0))])
  const member = gzipSync(zeros)
  const members = Array.from({ length: 850 }, () => member)
  const header = buildTar([{ name: 'server.js', says: '77777777777\0' }], Buffer.alloc(0))
  const inner = buildZip([{ name: 'server.js', content: zeros.subarray(0, MiB) }])
  const uploads: Upload[] = [
    ['14 GB that say they are 10 bytes', buildZip([{ name: 'server.js', packed, says: 10, crc: 0 }])],
    ['14 GB that say they are a megabyte', buildZip([{ name: 'server.js', packed, says: MiB, crc: 0 }])],
    ['14 GB that say they are nothing', buildZip([{ name: 'server.js', packed, says: 0, crc: 0 }])],
    ['14 GB that say they are 4 GB', buildZip([{ name: 'server.js', packed, says: 0xfffffffe, crc: 0 }])],
    ['14 GB behind a promise to say it later', buildZip([{ name: 'server.js', packed, says: 9 * MiB, crc: 0, streamed: true }])],
    ['gzip in 850 parts, 14 GB', Buffer.concat([gzipSync(header), ...members])],
    ['gzip in 850 parts, of a tar of nothing', Buffer.concat(members)],
    ['a thousand times its size, but not much', buildZip([{ name: 'server.js', content: zeros.subarray(0, 9 * MiB) }])],
    [
      'five hundred files of a megabyte',
      buildZip(Array.from({ length: 500 }, (_, at) => ({ name: `f${at}.js`, content: zeros.subarray(0, MiB) }))),
    ],
    ['gzip in gzip in gzip', gzipSync(gzipSync(gzipSync(zeros)))],
    ['zips in a zip', buildZip(Array.from({ length: 16 }, (_, at) => ({ name: `lib${at}.js`, content: inner, stored: true })))],
    ['a content shared by its names', quine()],
    ['a content inside another', overlapping()],
  ]
  // The peak is counted anew from here on.
  writeFileSync(`/proc/${platform.pids.server}/clear_refs`, '5')
  const before = memory(platform)
  const began = performance.now()
  const proof = await allRefused(platform, uploads)
  const peak = memory(platform) - before
  assert.ok(peak < GROWS_AT_MOST, `the server's memory grew by ${Math.round(peak / MiB)} MiB`)
  return `${proof}; at most ${Math.round(peak / MiB)} MiB more memory, ${Math.round(performance.now() - began)} ms for all`
}

function memory({ pids }: Platform): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pids.server}/status`, 'utf8'))![1]) * 1024
}
