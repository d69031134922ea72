import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { buildTar, pax } from '../../server/uploads/build-tar.ts'
import { buildZip } from '../../server/uploads/build-zip.ts'
import type { Platform } from '../platform.ts'
import { allRefused, type Upload } from '../platform-uploads.ts'

export default async function zipSlip(platform: Platform): Promise<string> {
  const slipped = `slipped-${randomBytes(6).toString('hex')}.js`
  const up = '../'.repeat(12)
  const names = [
    `../${slipped}`,
    `../../${slipped}`,
    `${up}tmp/${slipped}`,
    `/tmp/${slipped}`,
    `//tmp/${slipped}`,
    `lib/../../${slipped}`,
    `lib/..//../${slipped}`,
    `./../${slipped}`,
    `././../${slipped}`,
    `.//tmp/${slipped}`,
    `lib/./../../${slipped}`,
    `..\\..\\${slipped}`,
    `\\tmp\\${slipped}`,
    `C:\\${slipped}`,
    `C:/${slipped}`,
    `\\\\?\\C:\\${slipped}`,
    `file:///tmp/${slipped}`,
    `~/${slipped}`,
    `%2e%2e%2f${slipped}`,
    `..%c0%af${slipped}`,
    `..\u2215${slipped}`,
    `\uff0e\uff0e/${slipped}`,
    `.../...//${slipped}`,
    `.. /${slipped}`,
    ` ../${slipped}`,
    `lib/${slipped}/..`,
    `lib/${slipped}/.`,
  ]
  const right = { name: 'server.js', content: 'x' }
  const uploads = names.flatMap((name): Upload[] => [
    [`a zip with ${name}`, buildZip([right, { name, content: 'x' }])],
    // As the only file, its first folder could be taken for one around the work.
    [`a zip with ${name} alone`, buildZip([{ name, content: 'x' }])],
    [`a zip with a folder ${name}`, buildZip([right, { name: `${name}/`, mode: 0o040755 }])],
    [`a tar with ${name}`, buildTar([right, { name, content: 'x' }])],
    [`a tar with ${name} in an extended header`, gzipSync(buildTar([right, pax({ path: name }), { name: 'lib/x.js', content: 'x' }]))],
    [
      `a tar with ${name} as a long name`,
      buildTar([right, { name: 'L', type: 'L', content: `${name}\0` }, { name: 'x.js', content: 'x' }]),
    ],
    [`a map with ${name}`, { 'server.js': 'x', [name]: 'x' }],
  ])
  uploads.push(['a tar with its folders in the prefix', buildTar([right, { name: `tmp/${slipped}`, prefix: '../..', content: 'x' }])])
  const proof = await allRefused(platform, uploads)
  for (const folder of ['/tmp', '/', process.cwd(), `${process.cwd()}/..`])
    assert.ok(!existsSync(`${folder}/${slipped}`), `${slipped} was written to ${folder}`)
  return proof
}
