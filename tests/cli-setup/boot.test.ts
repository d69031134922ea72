import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stalePackages } from '../../cli/boot.mjs'

const BOOT = join(import.meta.dirname, '../../cli/boot.mjs')
const LOCK = {
  packages: {
    '': { name: 'clone' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b': { version: '2.0.0', integrity: 'sha512-b' },
    'node_modules/only-on-another-system': { version: '1.0.0', optional: true },
  },
}
let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-boot-'))
  mkdirSync(join(root, 'node_modules'))
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(LOCK))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function installed(packages: Record<string, { version: string; integrity: string }>): void {
  writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }))
  for (const [path, { version }] of Object.entries(packages)) lay(path, version)
}

function lay(path: string, version: string): void {
  mkdirSync(join(root, path), { recursive: true })
  writeFileSync(join(root, path, 'package.json'), JSON.stringify({ version }))
}

test('a new clone has nothing installed', () => {
  expect(stalePackages(root)).toBe('not installed yet')
})

test('an installation by npm itself counts, whoever ran it', () => {
  const { '': _root, 'node_modules/only-on-another-system': _other, ...here } = LOCK.packages
  installed(here)
  expect(stalePackages(root)).toBeUndefined()
})

test('a lockfile that changed since asks for another installation', () => {
  installed({ 'node_modules/a': LOCK.packages['node_modules/a'], 'node_modules/b': { version: '1.9.0', integrity: 'sha512-old' } })
  expect(stalePackages(root)).toBe('1 differ from package-lock.json')
})

test.each([
  ['none of them', () => rmSync(join(root, 'node_modules/b'), { recursive: true })],
  ['another', () => lay('node_modules/b', '1.9.0')],
])('a record of packages of which there is %s, as npm install --package-lock-only writes it, is no installation', (_, change) => {
  const { '': _root, 'node_modules/only-on-another-system': _other, ...here } = LOCK.packages
  installed(here)
  change()
  expect(stalePackages(root)).toBe('1 differ from package-lock.json')
})

test('an interrupted installation is none', () => {
  writeFileSync(join(root, 'node_modules/.package-lock.json'), '{"packages": {')
  expect(stalePackages(root)).toBe('not installed yet')
})

test.each([
  [['--help'], 0, 'Usage: assay'],
  [['grade'], 2, 'missing required argument'],
  [['no-such-command'], 2, 'unknown command'],
])('assay %j ends with %d', (args, code, words) => {
  const ran = spawnSync(process.execPath, [BOOT, ...args], { encoding: 'utf8' })
  expect(ran.status).toBe(code)
  expect(ran.stdout + ran.stderr).toContain(words)
})

test('runs a script under the project’s own Node, with its arguments and exit code', () => {
  const script = join(root, 'script.ts')
  writeFileSync(script, 'const version: string = process.version; console.log(version, process.argv.slice(2).join()); process.exitCode = 7')
  const ran = spawnSync(process.execPath, [BOOT, 'exec', script, 'x', '--y'], { encoding: 'utf8' })
  expect(ran.stdout.trim()).toMatch(/^v24\.\d+\.\d+ x,--y$/)
  expect(ran.status).toBe(7)
})

test('installs what a lockfile asks for that was only just written, and anew where it is run by the Node that this takes away', () => {
  rmSync(join(root, 'package-lock.json'))
  const write = (path: string, text: string) => writeFileSync(join(root, path), text)
  for (const folder of ['cli', 'package']) mkdirSync(join(root, folder))
  copyFileSync(BOOT, join(root, 'cli/boot.mjs'))
  write('cli/main.ts', 'console.log("runs")')
  // As the real one does, but for the network.
  write('package/package.json', JSON.stringify({ name: 'node', version: '24.0.0', bin: { node: 'bin/node' } }))
  const install = `fs.mkdirSync('bin'); fs.copyFileSync(process.execPath, 'bin/node'); fs.chmodSync('bin/node', 0o755)`
  write('package/installArchSpecificPackage.js', `const fs = require('fs'); ${install}`)
  write('package.json', JSON.stringify({ name: 'clone', version: '1.0.0', dependencies: { node: 'file:node-24.0.0.tgz' } }))
  const run = (program: string, ...args: string[]) => spawnSync(program, args, { cwd: root, encoding: 'utf8' })
  for (const args of [
    ['pack', './package'],
    ['install', '--package-lock-only', '--offline'],
  ])
    expect(run('npm', ...args)).toMatchObject({ status: 0 })

  expect(run(process.execPath, 'cli/boot.mjs')).toMatchObject({ status: 0, stdout: 'runs\n' })
  rmSync(join(root, 'node_modules/.package-lock.json'))
  const own = join(root, 'node_modules/node/bin/node')
  expect(run(own, 'cli/boot.mjs')).toMatchObject({ status: 0, stdout: 'runs\n' })
  expect(run(own, 'cli/boot.mjs')).toMatchObject({ status: 0, stdout: 'runs\n', stderr: '' })
})
