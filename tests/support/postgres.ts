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
  /** As good as new: no database but the first one, no roles but the superuser. */
  reset: () => Promise<void>
}

const START = `umask 077; mkdir /pgdata/cluster && tar --extract --file=/var/lib/assay/cluster.tar --directory=/pgdata/cluster &&
  exec postgres -D /pgdata/cluster -k /sock -c log_min_messages=log "$@"`

/** `options`: the server's own, beside the image's. Builds the image first when it isn't there. */
export async function startPostgres(options: readonly string[] = []): Promise<TestServer> {
  await ensureImages({ only: ['postgres'], log: () => {} })
  const { architecture } = await engineFacts(connectEngine({}))
  const { postgres: image } = await imageRefs(architecture)
  const folder = mkdtempSync(join(tmpdir(), 'assay-pg-'))
  chmodSync(folder, 0o777)
  const container = await new Docker().createContainer({
    Image: image,
    Entrypoint: ['/bin/sh', '-c', START, 'sh'],
    Cmd: [...options],
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
    // As the examiner's own sessions are (examiner/pod.ts).
    const client = new Client({ host: folder, user, database, pipeline: true })
    await client.connect()
    return client
  }
  const first = await connect('assay', 'postgres')
  await first.query('CREATE DATABASE as_new TEMPLATE postgres')
  await first.query(sameRights('as_new', 'postgres'))
  await first.end()
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

/** Exercises leave their schema in the database that all others are made from. */
async function reset(connect: TestServer['connect']): Promise<void> {
  const admin = await connect('assay', 'as_new')
  try {
    const { rows } = await admin.query(`SELECT datname FROM pg_database WHERE datname <> 'as_new'`)
    for (const { datname } of rows) await admin.query(`DROP DATABASE ${escapeIdentifier(datname)} WITH (FORCE)`)
    const roles = await admin.query(`SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> current_user`)
    for (const { rolname } of roles.rows) await admin.query(`DROP ROLE ${escapeIdentifier(rolname)}`)
    await admin.query('CREATE DATABASE postgres TEMPLATE as_new')
    await admin.query(sameRights('postgres', 'as_new'))
  } finally {
    await admin.end()
  }
}

/** Rights on a database are its own, not its template's. */
function sameRights(database: string, as: string): string {
  return `UPDATE pg_database SET datacl = (SELECT datacl FROM pg_database WHERE datname = '${as}') WHERE datname = '${database}'`
}
