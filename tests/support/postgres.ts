import { mkdtempSync, chmodSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Docker from 'dockerode'
import { Client, escapeIdentifier } from 'pg'

/*
 * A PostgreSQL server of the database image, for tests of what the examiner does with one: the same cluster that a
 * grading gets, without the box around it. Its socket lies in a folder shared with the container, so it works where
 * the engine runs on this machine.
 */
export type TestServer = AsyncDisposable & {
  connect: (user: string, database: string) => Promise<Client>
  /** As good as new: no databases but the first ones, no roles but the superuser. */
  reset: () => Promise<void>
}

const START = 'cp -r "$CLUSTER" /tmp/cluster && exec /usr/lib/postgresql/17/bin/postgres -D /tmp/cluster -k /sock -c listen_addresses='

export async function startPostgres(image: string, cluster = '/var/lib/assay/cluster'): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-pg-'))
  chmodSync(folder, 0o777)
  const container = await new Docker().createContainer({
    Image: image,
    Entrypoint: ['/bin/sh', '-c', START],
    Cmd: [],
    Env: [`CLUSTER=${cluster}`],
    NetworkDisabled: true,
    AttachStderr: true,
    HostConfig: {
      Binds: [`${folder}:/sock`],
      Memory: 512 * 1024 * 1024,
      MemorySwap: 512 * 1024 * 1024,
      Tmpfs: { '/tmp': 'size=400m,mode=1777' },
    },
  })
  const stop = async () => {
    await container.remove({ force: true })
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const output = await container.attach({ stream: true, stderr: true })
    await container.start()
    await readyLine(output)
  } catch (error) {
    await stop()
    throw error
  }
  const connect = async (user: string, database: string) => {
    const client = new Client({ host: folder, user, database })
    await client.connect()
    return client
  }
  return { connect, reset: () => reset(connect), [Symbol.asyncDispose]: stop }
}

async function readyLine(output: NodeJS.ReadableStream): Promise<void> {
  let log = ''
  for await (const chunk of output) {
    log += String(chunk)
    if (log.includes('ready to accept connections')) return
  }
  throw new Error(`PostgreSQL did not start:\n${log}`)
}

async function reset(connect: TestServer['connect']): Promise<void> {
  const admin = await connect('assay', 'postgres')
  try {
    await admin.query(`UPDATE pg_database SET datistemplate = false WHERE datname NOT IN ('template0', 'template1')`)
    const databases = await admin.query(`SELECT datname FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1')`)
    for (const { datname } of databases.rows) await admin.query(`DROP DATABASE ${escapeIdentifier(datname)} WITH (FORCE)`)
    const roles = await admin.query(`SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> current_user`)
    for (const { rolname } of roles.rows) await admin.query(`DROP ROLE ${escapeIdentifier(rolname)}`)
  } finally {
    await admin.end()
  }
}
