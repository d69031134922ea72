import { logIn as relayedLogIn } from '../../examiner/pod.ts'
import { AgentClient } from '../../worker/pod/agent-client.ts'
import type { Box, Sandbox } from '../../worker/sandbox/sandbox.ts'
import { boxSpec, MiB } from './open-program.ts'

/** Opens a database's box and starts PostgreSQL in it. */
export async function openDatabase(sandbox: Sandbox) {
  const box = await sandbox.open(boxSpec({ role: 'database', image: 'postgres', memoryBytes: 160 * MiB }), AbortSignal.timeout(60_000))
  box.onStream((_, stream) => stream.resume())
  const agent = new AgentClient(box, {
    command: ['/usr/local/bin/start-postgres'],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    port: 5432,
    adminSocket: '/pgdata/run/.s.PGSQL.5432',
    peers: [],
  })
  const started = await agent.start({})
  if (!started?.listening) throw new Error('PostgreSQL did not start')
  return { box, agent, [Symbol.asyncDispose]: () => box[Symbol.asyncDispose]() }
}

/** Logs in over the Unix socket ("admin") or the box's loopback ("main"). */
export async function logIn(box: Box, by: 'admin' | 'main', user: string, database = 'postgres') {
  const client = await relayedLogIn(box.open(by), user, database)
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}
