// Lays itself in the way of every loader: settings and packages beside the program, above it, and in its home; and leaves
// them for the next start of whatever is started here.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { isMainThread } from 'node:worker_threads'

const require = createRequire(import.meta.url)
for (const folder of ['/tmp', '/dev/shm', '/work']) console.log(existsSync(`${folder}/hooked`) ? `OPEN ${folder}/hooked` : `shut ${folder}/hooked`)
for (const name of ['.env', '.npmrc', 'node_modules', '.node_modules', '.node_libraries', '.mocharc.cjs']) if (readdirSync('/work').includes(name)) console.log(`OPEN ${name} was left`)
// What this very program was started with: nothing but its own file.
const options = [...process.execArgv, process.env.NODE_OPTIONS, process.env.NODE_PATH, process.env.NODE_REPL_EXTERNAL_MODULE, process.env.LD_PRELOAD, process.env.LD_LIBRARY_PATH].filter(Boolean)
console.log(options.length > 0 || !isMainThread ? `OPEN started with ${options}` : 'shut started plainly')
for (const name of ['express', 'pg', 'fastify']) console.log(require.resolve(name).startsWith('/opt/runtime/') ? `shut ${name}` : `OPEN ${name} is not the image's`)

const text = "require('/work/hooked.cjs')\n"
const lay = (path, content = text) => {
  try {
    mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true })
    writeFileSync(path, content)
    return path
  } catch (error) {
    if (error.code !== 'EROFS' && error.code !== 'EACCES') console.log(`shut ${path} ${error.code}`)
  }
}
const laid = [
  lay('/work/.env', 'NODE_OPTIONS=--require /work/hooked.cjs\nLD_PRELOAD=/work/hooked.so\n'),
  lay('/work/.npmrc', 'node-options=--require /work/hooked.cjs\n'),
  lay('/work/.mocharc.cjs'),
  ...['express', 'pg', 'undici', 'assay', '@vitest/expect', 'zod'].flatMap(name => ['/work/node_modules', '/work/.node_modules', '/work/.node_libraries', '/tmp/node_modules'].map(folder => lay(`${folder}/${name}/index.js`))),
]
// Where it may not write: the image's own packages, the folder above all, the agent, the shells' and linker's settings.
const forbidden = ['/node_modules/assay/index.js', '/opt/runtime/node_modules/express/index.js', '/opt/agent', '/opt/x', '/opt/node_modules/x.js', '/etc/ld.so.preload', '/etc/profile.d/x.sh', '/etc/environment', '/usr/local/lib/node/x.js', '/usr/lib/node_modules/x.js', '/etc/perl/sitecustomize.pl', '/opt/closed/closed.so']
for (const path of forbidden) console.log(lay(path) ? `OPEN wrote ${path}` : `shut write ${path}`)
try {
  symlinkSync('/work/hooked.cjs', '/node_modules/hooked')
  console.log('OPEN /node_modules')
} catch (error) {
  console.log('shut /node_modules', error.code)
}
// What it starts itself takes its settings, as it should: that shows that they work.
const { stdout } = spawnSync(process.execPath, ['-e', '1'], { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '--require /work/hooked.cjs' } })
console.log(stdout.includes('hooked into') ? 'its own hook works' : 'no hook works')
spawnSync('rm', ['-f', '/tmp/hooked', '/dev/shm/hooked', '/work/hooked'])
console.log('laid', laid.filter(Boolean).length > 20 ? 'hooks everywhere' : 'few hooks')

createServer((request, response) => response.end('{}')).listen(process.env.PORT)
