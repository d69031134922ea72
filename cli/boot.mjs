#!/usr/bin/env node
/*
 * The front door: what `npx assay`, `npm start`, `npm test` and the others call, on whatever Node (18 or newer) is there.
 * It needs nothing installed. It installs the dependencies when package-lock.json asks for others than are there,
 * then runs the command under the project's own Node 24, which comes with them.
 *
 *   boot.mjs <command> …            cli/main.ts
 *   boot.mjs exec <file.ts> …       a script of this repository
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const INSTALL_ONLY = '--install-only'

/** What is wrong with a clone's node_modules, in a few words; undefined when it is as package-lock.json says. */
export function stalePackages(root) {
  const wanted = readJson(join(root, 'package-lock.json'))
  // npm's own record of what it installed, written last: an install by hand counts, an interrupted one does not.
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))
  if (!installed) return 'not installed yet'
  // `npm install --package-lock-only` writes that record, too, and installs nothing: so each package is asked as well.
  const isThere = ([path, entry]) =>
    installed.packages[path]?.integrity === entry.integrity && readJson(join(root, path, 'package.json'))?.version === entry.version
  const stale = Object.entries(wanted.packages).filter(([path, entry]) => path && !entry.optional && !isThere([path, entry]))
  return stale.length > 0 ? `${stale.length} differ from package-lock.json` : undefined
}

/** The project's Node, where its package's install script put it, or in the package that carries it. */
function nodeOf(root) {
  const places = ['node', `node-${process.platform}-${process.arch}`].map(name => join(root, 'node_modules', name, 'bin', 'node'))
  return places.find(existsSync)
}

const isComplete = root => !stalePackages(root) && nodeOf(root) !== undefined

async function installDependencies(root) {
  // Another command may have done it while we waited for the lock.
  if (isComplete(root)) return 0
  const startedAt = Date.now()
  const stale = stalePackages(root)
  if (stale) {
    say(`… Dependencies: ${stale}; npm ci`)
    // No install scripts: the packages bring their binaries, and npm would compile those that also bring their source.
    const options = ['--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
    const code = await run('npm', ['ci', ...options], { cwd: root, quiet: true })
    if (code !== 0) {
      say(`✗ Dependencies: npm ci ended with code ${code}; its words are above`)
      return code
    }
  }
  if (!nodeOf(root)) {
    // The one install script that we need: the package "node" fetches the binary for this machine.
    say("… Dependencies: fetching the project's own Node")
    // We may be run by the very Node that npm has just taken away; npm itself needs one on the PATH.
    const node = existsSync(process.execPath) ? process.execPath : 'node'
    const code = await run(node, ['installArchSpecificPackage.js'], { cwd: join(root, 'node_modules', 'node'), quiet: true })
    if (code !== 0 || !nodeOf(root)) {
      say('✗ Dependencies: the project needs the npm package "node"; it could not be set up')
      return code || 1
    }
  }
  say(`✓ Dependencies (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`)
  return 0
}

/** Installs under a lock, so that two commands started at once don't lay node_modules at once. */
async function ensureDependencies(root) {
  if (isComplete(root)) return 0
  const lock = join(root, '.cache', 'dependencies.lock')
  mkdirSync(dirname(lock), { recursive: true })
  const self = [fileURLToPath(import.meta.url), INSTALL_ONLY]
  const code = await run('flock', [lock, process.execPath, ...self], {}).catch(error => {
    // Only Linux is sure to have flock; without it there is no lock.
    if (error.code === 'ENOENT') return run(process.execPath, self, {})
    throw error
  })
  return code
}

/**
 * Runs a program to its end, passing on the signals that we get; resolves with its exit code. A Node of ours (`tied`) also
 * gets a channel, by whose end it learns that we were killed.
 */
function run(program, args, { cwd, quiet, env, tied }) {
  return new Promise((done, failed) => {
    // A quiet program's words go to stderr: stdout is the command's own data.
    const stdio = quiet ? ['ignore', 2, 2] : ['inherit', 'inherit', 'inherit', ...(tied ? ['ipc'] : [])]
    const child = spawn(program, args, { cwd, env, stdio })
    const forward = signal => child.kill(signal)
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']
    for (const signal of signals) process.on(signal, forward)
    const watch = onceNpmIsGone(() => forward('SIGTERM'))
    const settle = () => {
      clearInterval(watch)
      signals.forEach(signal => process.off(signal, forward))
    }
    child.on('error', error => {
      settle()
      failed(error)
    })
    child.on('exit', (code, signal) => {
      settle()
      done(code ?? 128 + constants.signals[signal])
    })
  })
}

/** Run by npm, we end when it is killed: nobody could end us by the pid that they know. */
function onceNpmIsGone(end) {
  if (!process.env.npm_lifecycle_event && !process.env.npm_command) return undefined
  const npm = process.ppid
  return setInterval(() => process.ppid !== npm && end(), 500)
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function say(line) {
  process.stderr.write(`${line}\n`)
}

async function main(args) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
  if (args[0] === INSTALL_ONLY) return installDependencies(root)
  const code = await ensureDependencies(root)
  if (code !== 0) return code
  const [script, rest] = args[0] === 'exec' ? [resolve(args[1] ?? ''), args.slice(2)] : [join(root, 'cli', 'main.ts'), args]
  const node = nodeOf(root)
  const env = {
    // What was compiled once is kept: server and worker come up in half the time.
    NODE_COMPILE_CACHE: join(root, '.cache', 'node'),
    ...process.env,
    // The command's own children find the same Node first, as npm's scripts would.
    PATH: `${dirname(node)}:${process.env.PATH ?? ''}`,
  }
  return run(node, [script, ...rest], { env, tied: true })
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  process.exitCode = await main(process.argv.slice(2))
}
