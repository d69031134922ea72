import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { GraderError } from '../../../core/errors.ts'
import { spawnTied, type TiedChild } from '../tied-child.ts'
import { clearEarlierRedis, recordRedis } from './earlier.ts'
import { waitForRedis } from './check.ts'
import type { RedisOptions, RunningRedis } from './redis.ts'

/*
 * Our own Redis: no TCP port, a Unix socket that only we may open, everything kept in <data>/redis.
 * The waiting line is the store's, so this Redis may lose everything and nothing is lost: when it can't read its own
 * files any more they are put aside and it starts anew.
 */

/** A Unix socket's address holds 107 bytes (unix(7)); a data folder deeper than that gets its socket under /tmp. */
const LONGEST_SOCKET_PATH = 100

/** Were we killed, server and worker end at the same moment, and want their Redis while they do. */
const LINGER_S = 3

/** Starts a server of our own; whatever an earlier run left is cleared first. */
export async function spawnRedis(program: string, { dataDir, log }: RedisOptions): Promise<RunningRedis> {
  const folder = join(resolve(dataDir), 'redis')
  const socket = socketPath(folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  await clearEarlierRedis({ folder, socket, log })
  let child: TiedChild
  let version: string
  try {
    ;[child, version] = await start(program, folder, socket)
  } catch (error) {
    if (!existsSync(join(folder, 'appendonlydir'))) throw error
    const aside = `appendonlydir.unreadable-${Date.now()}`
    log(error instanceof Error ? error.message : String(error))
    log(`its files are put aside as ${aside}; the waiting line stands in the store`)
    renameSync(join(folder, 'appendonlydir'), join(folder, aside))
    ;[child, version] = await start(program, folder, socket)
  }
  return {
    url: socket,
    why: `${basename(program)} ${version}, started on a socket in the data folder because REDIS_URL is not set`,
    ended: child.ended,
    async [Symbol.asyncDispose]() {
      await child.stop()
      if (dirname(socket) !== folder) rmSync(dirname(socket), { recursive: true, force: true })
    },
  }
}

async function start(program: string, folder: string, socket: string): Promise<[TiedChild, string]> {
  const logFile = join(folder, 'redis.log')
  const output = openSync(logFile, 'w', 0o600)
  const child = spawnTied(program, redisArguments(folder, socket), { output, cwd: folder, linger: LINGER_S })
  closeSync(output)
  const gone = child.ended.then(code => {
    throw new GraderError('REDIS_START', `${program} ended with code ${code} while starting: ${lastLines(logFile)}`)
  })
  try {
    const { version, pid } = await Promise.race([waitForRedis(socket), gone])
    recordRedis(folder, pid)
    return [child, version]
  } catch (error) {
    await child.stop()
    throw error
  }
}

/** Settings by contract.md: AOF, noeviction, no TCP port. */
export function redisArguments(folder: string, socket: string): string[] {
  const settings = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir: folder,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
    supervised: 'no',
  }
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
}

export function socketPath(folder: string): string {
  const wanted = join(folder, 'redis.sock')
  if (Buffer.byteLength(wanted) <= LONGEST_SOCKET_PATH) return wanted
  const short = join(tmpdir(), `assay-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`)
  mkdirSync(short, { recursive: true, mode: 0o700 })
  return join(short, 'redis.sock')
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').slice(-3).join(' / ')
}
