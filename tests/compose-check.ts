import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import { freePort } from '../cli/demo/free-port.ts'
import { endOf } from '../cli/errors.ts'
import { createProgress } from '../cli/progress.ts'
import { readSetupConfig } from '../cli/setup/config.ts'
import { provideEngine } from '../cli/setup/engine/engine.ts'
import { findProgram } from '../cli/setup/find-program.ts'
import { makeImages, wordsFor } from '../cli/setup/images.ts'
import { canInstallPackages, installPackages } from '../cli/setup/packages.ts'
import { waitUntilReady } from '../cli/start/readiness.ts'
import { GraderError } from '../core/errors.ts'
import { connectEngine } from '../worker/sandbox/docker/engine.ts'
import { debianBase } from '../worker/sandbox/docker/debian-base.ts'

/*
 * `npm run compose:check`: brings docker-compose.yml up as a project of its own on a free port, grades one submission
 * through it, and takes it down again with its volumes.
 */
const ROOT = resolve(import.meta.dirname, '..')
const SAMPLE = ['parcel-lockers', 'exercises/parcel-lockers/submissions/accepted/express']
const progress = createProgress()

try {
  await check()
} catch (error) {
  const { exitCode, message } = endOf(error)
  process.stderr.write(`${message}\n`)
  process.exitCode = exitCode
}

async function check(): Promise<void> {
  const engine = await progress.step('Engine', step => provideEngine(readSetupConfig(), step.log))
  const base = await progress.step('Images', async step => {
    step.says(wordsFor(await makeImages({ dockerHost: engine.host, log: step.log })))
    return debianBase(connectEngine({ dockerHost: engine.host }), { log: step.log, cacheFolder: join(ROOT, '.cache') })
  })
  const compose = await composeProgram()
  const port = await freePort()
  const settings = {
    ASSAY_BASE: base,
    ASSAY_WORKER_TOKEN: randomBytes(16).toString('hex'),
    PORT: String(port),
    HOST: '127.0.0.1',
    // What is checked is the file, on whatever engine is here.
    ASSAY_ACCEPT_OLD_ENGINE: '1',
  }
  const env = {
    ...process.env,
    ...settings,
    DOCKER_HOST: engine.host,
    DOCKER_BUILDKIT: '0',
    COMPOSE_DOCKER_CLI_BUILD: '0',
    COMPOSE_PROJECT_NAME: `assay-check-${port}`,
  }
  const call = (...args: string[]) => run([...compose, ...args], env)
  try {
    await progress.step('docker-compose config', () => call('config', '--quiet'))
    await progress.step('docker-compose up', () => call('up', '-d', '--build'))
    const url = `http://127.0.0.1:${port}`
    await progress.step('Ready', () => waitUntilReady(`${url}/readyz`, new AbortController().signal))
    const token = await call(
      'exec',
      '-T',
      'server',
      'node',
      'cli/main.ts',
      'token',
      'add',
      'check',
      '--role',
      'learner',
      '--group',
      'check',
    )
    await progress.step('Submit a sample', () =>
      run([process.execPath, 'cli/main.ts', 'submit', ...SAMPLE, '--watch'], { ...process.env, ASSAY_URL: url, ASSAY_TOKEN: token.trim() }),
    )
    await progress.step('Only the broker has the engine', async step => {
      await call('exec', '-T', 'worker', 'sh', '-c', 'test ! -e /var/run/docker.sock && test "$(id -u)" != 0')
      const refused = (await call('logs', '--no-color', 'broker')).split('\n').filter(line => line.includes('"refused"'))
      if (refused.length > 0) throw new GraderError('COMPOSE', `the broker refused the worker something:\n${refused.join('\n')}`)
      step.says('and refused the worker nothing')
    })
  } catch (error) {
    await call('logs', '--tail', '50').then(
      text => process.stderr.write(text),
      () => {},
    )
    throw error
  } finally {
    await progress.step('docker-compose down', () => call('down', '--volumes', '--timeout', '40'))
  }
}

/** docker-compose 1.29 or newer, else the plug-in, else the distribution's package. */
async function composeProgram(): Promise<string[]> {
  const found = () => findProgram('docker-compose')
  if (!found() && findProgram('docker') && (await run(['docker', 'compose', 'version'], process.env).catch(() => '')))
    return ['docker', 'compose']
  if (!found() && canInstallPackages()) await progress.step('docker-compose', step => installPackages(['docker-compose'], step.log))
  const program = found()
  if (!program) throw new GraderError('COMPOSE_MISSING', 'docker-compose is not installed; install it, or the compose plug-in of docker')
  return [program]
}

/** Runs a program to its end; resolves with what it wrote to stdout. */
async function run([program, ...args]: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(program!, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new GraderError('COMPOSE', `${[program, ...args].join(' ')} ended with code ${code}\n${output.slice(-2000)}`)
  return output
}
