import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export type Told = { engine?: string; runc?: string; runcPackage?: string; containerd?: string; runtimes?: string[] }

/** An engine that tells versions and runtimes as a test wants them, and does nothing else; gone with the test. Returns its DOCKER_HOST. */
export async function toldEngine({
  engine = '29.5.1',
  runc = '1.4.0',
  runcPackage = 'v1.4.0-0-gabcdef',
  containerd = '2.2.0',
  runtimes = ['runc'],
}: Told = {}): Promise<string> {
  const version = {
    Version: engine,
    ApiVersion: '1.41',
    Arch: 'amd64',
    Components: [
      { Name: 'Engine', Version: engine, Details: { GitCommit: '5d6db84' } },
      { Name: 'containerd', Version: containerd, Details: { GitCommit: '1c4457e' } },
      { Name: 'runc', Version: runc, Details: { GitCommit: runcPackage } },
    ],
  }
  const info = { Runtimes: Object.fromEntries(runtimes.map(name => [name, { path: name }])), Driver: 'overlay2', CgroupVersion: '2' }
  const server = createServer((request, response) => {
    const answer = request.url?.endsWith('/version') ? version : request.url?.endsWith('/info') ? info : undefined
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? { message: 'not here' }))
  })
  const socket = join(tmpdir(), `assay-told-${process.pid}-${Math.random().toString(36).slice(2)}.sock`)
  server.listen(socket)
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
    rmSync(socket, { force: true })
  })
  return `unix://${socket}`
}
