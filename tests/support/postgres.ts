import { mkdtempSync, chmodSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Docker from 'dockerode'
import { connectEngine, engineFacts } from '../../worker/sandbox/docker/engine.ts'
import { ensureImages, imageRefs } from '../../worker/sandbox/docker/images.ts'
import { Client, escapeIdentifier } from 'pg'

/*
 * A PostgreSQL server of the database image, for tests of what the examiner does with one: the same cluster that a
 * grading gets, without the box around it. Its socket lies in a folder shared with the container, so it works where
 * the engine runs on this machine.
 */
export type TestServer = AsyncDisposable & {
  /** Its Unix socket, where anybody may log in as anyone. */
  socket: string
  connect: (user: string, database: string) => Promise<Client>
  /** As good as new: no databases but the first ones, no roles but the superuser. */
  reset: () => Promise<void>
}

const START = `umask 077; mkdir /pgdata/cluster && tar --extract --file=/var/lib/assay/cluster.tar --directory=/pgdata/cluster &&
  exec postgres -D /pgdata/cluster -k /sock -c log_min_messages=log`

/** Builds the image first when it isn't there. */
export async function startPostgres(): Promise<TestServer> {
  await ensureImages({ only: ['postgres'], log: () => {} })
  const { architecture } = await engineFacts(connectEngine({}))
  const { postgres: image } = await imageRefs(architecture)
  const folder = mkdtempSync(join(tmpdir(), 'assay-pg-'))
  chmodSync(folder, 0o777)
  const container = await new Docker().createContainer({
    Image: image,
    Entrypoint: ['/bin/sh', '-c', START],
    Cmd: [],
    NetworkDisabled: true,
    AttachStderr: true,
    HostConfig: {
      Binds: [`${folder}:/sock`],
      Memory: 512 * 1024 * 1024,
      MemorySwap: 512 * 1024 * 1024,
      Tmpfs: { '/pgdata': 'size=400m,mode=0700,uid=10001,gid=10001' },
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
  return { socket: join(folder, '.s.PGSQL.5432'), connect, reset: () => reset(connect), [Symbol.asyncDispose]: stop }
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
