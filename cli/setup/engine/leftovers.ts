import { existsSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { programName } from '../process-identity.ts'

/*
 * A killed dockerd leaves pid files and sockets that keep the next one from starting: it takes any process that has the
 * old pid for itself, and any file at containerd's socket for a running containerd.
 */
const DOCKERD_PID = '/var/run/docker.pid'
const LEFTOVERS = {
  pidFiles: [
    { path: DOCKERD_PID, program: 'dockerd' },
    { path: '/var/run/docker/containerd/containerd.pid', program: 'containerd' },
  ],
  sockets: ['/run/containerd/containerd.sock', '/var/run/docker/containerd/containerd.sock'],
}

/** The pid of a dockerd that runs, if one does: it may still be starting. */
export function runningDockerd(): number | undefined {
  const pid = readPid(DOCKERD_PID)
  return pid !== undefined && programName(pid) === 'dockerd' ? pid : undefined
}

/** Removes pid files that name no such program, and sockets on which nobody listens. */
export async function clearEngineLeftovers(log: (line: string) => void, { pidFiles, sockets } = LEFTOVERS): Promise<void> {
  for (const { path, program } of pidFiles) {
    const pid = readPid(path)
    if (pid === undefined || programName(pid) === program) continue
    log(`removing the stale ${path}`)
    rmSync(path, { force: true })
  }
  for (const path of sockets) {
    if (!existsSync(path) || (await somebodyListens(path))) continue
    log(`removing the stale ${path}`)
    rmSync(path, { force: true })
  }
}

function readPid(path: string): number | undefined {
  if (!existsSync(path)) return undefined
  const pid = Number(readFileSync(path, 'utf8').trim())
  return Number.isInteger(pid) && pid > 0 ? pid : 0
}

function somebodyListens(path: string): Promise<boolean> {
  return new Promise(done => {
    const socket = connect(path)
    socket.on('connect', () => {
      socket.destroy()
      done(true)
    })
    socket.on('error', () => done(false))
  })
}
