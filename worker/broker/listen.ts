import { once } from 'node:events'
import { chmodSync, chownSync, lstatSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { GraderError } from '../../core/errors.ts'

/**
 * Listens on a Unix socket that only this process's user may use, or that user and a group. Throws GraderError when
 * something is there that is not a socket left behind.
 */
export async function listenOn(server: Server, path: string, group: number | undefined): Promise<void> {
  await removeStale(path)
  const before = process.umask(0o177)
  try {
    server.listen(path)
    await once(server, 'listening')
  } catch (error) {
    throw new GraderError('BROKER_LISTEN', `The broker can't listen at ${path}: ${(error as Error).message}`, { cause: error })
  } finally {
    process.umask(before)
  }
  if (group === undefined) return
  chownSync(path, process.geteuid!(), group)
  chmodSync(path, 0o660)
}

/** A broker that was killed leaves its socket behind. */
async function removeStale(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found) return
  if (!found.isSocket()) throw new GraderError('BROKER_LISTEN', `${path} is there and is no socket; give the broker another path`)
  const socket = connect(path)
  const answers = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  if (answers) throw new GraderError('BROKER_LISTEN', `something listens at ${path} already`)
  rmSync(path)
}
