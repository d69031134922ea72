import assert from 'node:assert/strict'
import { buildTar } from '../../server/uploads/build-tar.ts'
import { buildZip } from '../../server/uploads/build-zip.ts'
import type { Platform } from '../platform.ts'
import { allRefused, type Upload } from '../platform-uploads.ts'

const NAMES = [
  'node_modules/express/index.js',
  'lib/node_modules/pg/index.js',
  'Node_Modules/x.js',
  '.npmrc',
  'lib/.npmrc',
  '.NPMRC',
  '.yarnrc',
  '.yarnrc.yml',
  '.pnp.cjs',
  '.node-version',
  '.user.ini',
  '.htaccess',
  '.env',
  '.env.production',
  '.git/config',
  '.git/hooks/post-checkout',
  '.gitmodules',
  '.gitattributes',
  '.psqlrc',
  '.pgpass',
  '.bashrc',
  '.profile',
  '.ssh/authorized_keys',
  '.dockerignore',
  '.mocharc.cjs',
  'Dockerfile',
  'DOCKERFILE',
  'lib/dockerfile',
  'Containerfile',
  'docker-compose.yml',
  'compose.yaml',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-workspace.yaml',
  'bunfig.toml',
  '__proto__',
  '__proto__/x.js',
  'lib/__proto__',
]

export default async function reservedNames(platform: Platform): Promise<string> {
  const right = { name: 'server.js', content: 'x' }
  // The exercise takes '**': nothing but the names themselves stands against these.
  const proof = await allRefused(
    platform,
    NAMES.flatMap((name): Upload[] => [
      [
        `${name} in a map`,
        JSON.stringify({ exercise: 'greeting', files: [] }).replace('[]', `{"server.js":"x",${JSON.stringify(name)}:"x"}`),
      ],
      [`${name} in a zip`, buildZip([right, { name, content: 'x' }])],
      [`${name} in a folder of a zip`, buildZip([right, { name: `work/${name}`, content: 'x' }])],
      [`${name} in a tar`, buildTar([right, { name: `./${name}`, content: 'x' }])],
    ]),
  )
  // And an exercise takes only what it names.
  const learner = await platform.person()
  for (const path of ['server.js', 'query.sql.js', 'lib/query.sql', 'Query.sql', 'query.sql ', 'query.sql/x']) {
    const body = { exercise: 'bookings', files: { 'query.sql': 'SELECT 1', [path]: 'x' } }
    const { status, text } = await platform.request('POST', '/api/v1/submissions', { as: learner, body })
    assert.equal(status, 422, `${path} was taken by an exercise that wants query.sql: ${text}`)
  }
  return proof
}
