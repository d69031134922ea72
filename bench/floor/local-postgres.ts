import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../cli/demo/free-port.ts'
import type { ServerFiles } from './server-files.ts'

/*
 * A PostgreSQL server as a plain process of this machine: the very binaries and settings of our database image, under the
 * image's own C library, with no container, namespace or limit around it. It runs as nobody where we are root, which
 * PostgreSQL refuses to be.
 */
export type LocalServer = AsyncDisposable & { port: number; socket: string; pid: number }

const NOBODY = 65_534

export async function startLocalServer({ root }: ServerFiles): Promise<LocalServer> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-bench-pg-'))
  const data = join(folder, 'data')
  await mkdir(data)
  await promisify(execFile)('tar', ['--extract', `--file=${join(root, 'var/lib/assay/cluster.tar')}`, `--directory=${data}`])
  await chmod(data, 0o700)
  await chmod(folder, 0o755)
  await mkdir(join(folder, 'run'))
  const isRoot = process.getuid?.() === 0
  if (isRoot) {
    for (const entry of await readdir(folder, { recursive: true })) await chown(join(folder, entry), NOBODY, NOBODY)
  }
  const port = await freePort()
  const libraries = join(root, 'usr/lib', process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu')
  const loader = (await readdir(libraries)).find(name => name.startsWith('ld-linux'))!
  const program = join(root, 'usr/lib/postgresql/17/bin/postgres')
  const ours = ['--library-path', `${join(root, 'usr/lib/collected')}:${libraries}`, '--argv0', program, program]
  const settings = [`port=${port}`, `unix_socket_directories=${join(folder, 'run')}`, 'log_min_messages=log']
  const server = spawn(join(libraries, loader), [...ours, '-D', data, ...settings.flatMap(setting => ['-c', setting])], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { LANG: 'C.UTF-8', PATH: '/usr/bin:/bin' },
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  })
  const ended = once(server, 'exit')
  const stop = async () => {
    // SIGQUIT: at once, with all its children; nothing here is to be kept.
    if (server.exitCode === null && server.signalCode === null) server.kill('SIGQUIT')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await readyLine(server.stderr)
  } catch (error) {
    await stop()
    throw error
  }
  server.stderr.resume()
  return { port, socket: join(folder, 'run', `.s.PGSQL.${port}`), pid: server.pid!, [Symbol.asyncDispose]: stop }
}

async function readyLine(output: NodeJS.ReadableStream): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let log = ''
  output.on('data', chunk => {
    log += String(chunk)
    if (log.includes('ready to accept connections')) resolve()
  })
  output.on('end', () => reject(new Error(`the local PostgreSQL server did not start:\n${log}`)))
  await promise
}
