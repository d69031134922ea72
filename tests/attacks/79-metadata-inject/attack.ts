import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { buildTar, pax } from '../../server/uploads/build-tar.ts'
import { buildZip } from '../../server/uploads/build-zip.ts'
import type { Platform } from '../platform.ts'
import { allRefused, handIn, type Upload } from '../platform-uploads.ts'

export default async function metadataInject(platform: Platform): Promise<string> {
  const marker = `/tmp/injected-${randomBytes(6).toString('hex')}`
  const touch = `touch ${marker}`
  const names = [
    `$(${touch})`,
    `\`${touch}\`.js`,
    `;${touch};.js`,
    `&& ${touch}`,
    `| ${touch}`,
    `x\n${touch}`,
    `x.js\r\nX-Injected: 1`,
    `' ; ${touch} ; '`,
    `" ; ${touch} ; "`,
    '-rf',
    '--require=/tmp/x.js',
    '--inspect-brk=0.0.0.0:9229',
    '-e process.exit()',
    '--checkpoint-action=exec=sh x.sh',
    '--to-command=sh',
    'lib/--use-compress-program=sh',
    '*',
    '{a,b}.js',
    '~root/x.js',
    '$HOME/x.js',
    '${IFS}.js',
    '%s%n%s.js',
    '{"level":60,"msg":"forged"}',
  ]
  const right = { name: 'server.js', content: 'x' }
  const proof = await allRefused(
    platform,
    names.flatMap((name): Upload[] => [
      [`${name} in a map`, { 'server.js': 'x', [name]: 'x' }],
      [`${name} in a zip`, buildZip([right, { name, content: 'x' }])],
      [`${name} in a tar`, buildTar([right, pax({ path: name }), { name: 'short', content: 'x' }])],
    ]),
  )

  // Whatever else carries a name of the sender's choosing.
  const learner = await platform.person()
  const right2 = await platform.rightFiles('greeting')
  for (const name of names.filter(name => !/["\r\n]/.test(name))) {
    const wrong = await platform.request('POST', '/api/v1/submissions', { as: learner, body: { exercise: name, files: right2 } })
    assert.equal(wrong.status, 400, `an exercise called ${name} was answered with ${wrong.status}`)
    const path = await platform.request('GET', `/api/v1/submissions/${encodeURIComponent(name)}`, { as: learner })
    assert.equal(path.status, 404)
  }

  // Names that are taken, as far as they go towards options; and a file name and headers that nobody reads.
  const files = { ...right2, 'lib/a --require x.js': '//', 'lib/@b +c - d.js': '//', 'a -e b': '//' }
  const archive = buildZip(Object.entries(files).map(([name, content]) => ({ name, content })))
  const sent = await handIn(platform, learner, archive, `$(${touch}).zip`)
  assert.equal(sent.status, 202, sent.text)
  const { outcome } = await platform.end(learner, String(sent.json['id']))
  assert.equal(outcome, 'accepted')
  const headers = {
    'idempotency-key': `$(${touch})`.replaceAll(' ', '${IFS}'),
    'user-agent': `$(${touch})`,
    'x-request-id': `{"level":60}`,
  }
  const keyed = await platform.request('POST', '/api/v1/submissions', {
    as: learner,
    body: { exercise: 'bookings', files: await platform.rightFiles('bookings') },
    headers,
  })
  assert.equal(keyed.status, 202, keyed.text)
  await platform.end(learner, String(keyed.json['id']))

  assert.ok(!existsSync(marker), 'a command in a name was run')
  const { server, worker } = platform.logLines()
  for (const line of [...server, ...worker]) {
    assert.doesNotThrow(() => void JSON.parse(line), `no line of a log: ${line.slice(0, 200)}`)
    assert.ok(!line.includes('injected-') && !line.includes('forged'), `a name came into the log: ${line.slice(0, 200)}`)
  }
  return `${proof}; odd names that are taken did nothing; ${server.length + worker.length} log lines are whole`
}
