import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jsonLines } from '../../core/lines.ts'
import { openBroker, type Broker } from '../../worker/broker/broker.ts'
import { gradeLocally } from '../../worker/grade-local.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { connectEngine, engineFacts } from '../../worker/sandbox/docker/engine.ts'
import { hostConfig } from '../../worker/sandbox/docker/host-config.ts'
import { ensureImages, imageRefs } from '../../worker/sandbox/docker/images.ts'
import { labelsOf } from '../../worker/sandbox/docker/owner.ts'
import type { Sandbox } from '../../worker/sandbox/sandbox.ts'
import { TestEngine } from '../support/engine.ts'
import { greeter, greeterServer } from '../support/greeter.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { boxSpec, listening, openProgram } from './open-program.ts'
import { remaining } from './remaining.ts'
import { sandboxContract } from './sandbox-contract.ts'

/*
 * A real broker before the machine's engine: first that a worker misses nothing, then all that whoever took over a worker
 * might ask for.
 */
const folder = tempFolder()
const listen = join(folder.path, 'broker.sock')
const docker = new Docker()
const refused: { call: string; why: string }[] = []
const sandbox = openDockerSandbox({ dockerHost: `unix://${listen}` })
let broker: Broker
let nodeRef: string
let architecture: string

beforeAll(async () => {
  await ensureImages({ log: () => {} })
  architecture = (await engineFacts(connectEngine())).architecture
  nodeRef = (await imageRefs(architecture)).node
  broker = await openBroker({ listen, onRefused: each => refused.push(each) })
})
afterAll(async () => {
  await broker[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

describe('behind a broker the Docker sandbox', () => sandboxContract(sandbox, remaining, { noBareBoxes: 'a broker makes none' }))

test('a submission is graded through the broker, and nothing was refused on the way', async () => {
  refused.length = 0
  const report = await gradeLocally({ sandbox, exercise: { bundle: greeter() }, files: greeterServer(), seed: 4711 })
  expect(report).toMatchObject({ outcome: 'accepted', score: { earned: 10 } })
  expect(await remaining(report.exercise.version)).toEqual([])
  expect(refused).toEqual([])
})

test('a box left behind is found and removed through the broker', async () => {
  const spec = boxSpec()
  const lost = {
    ...labelsOf(spec, Date.now() - 24 * 3600_000),
    'assay.owner': JSON.stringify({ place: 'elsewhere', pid: 1, startedAt: '1' }),
  }
  const options = hostConfig(spec, { imageRef: nodeRef, architecture, labels: lost })
  await docker.createContainer({ ...options, name: `assay-subject-${'0'.repeat(11)}1` })
  expect(await remaining(spec.grading)).toHaveLength(1)
  expect(await sandbox.reap()).toBeGreaterThanOrEqual(1)
  expect(await remaining(spec.grading)).toEqual([])
})

describe('a broker that goes away, or whose engine does', () => {
  test('is an engine that is away, until it is back', async () => {
    const at = join(folder.path, 'second.sock')
    const through = openDockerSandbox({ dockerHost: `unix://${at}` })
    const second = await openBroker({ listen: at })
    const running = await openProgram(through, listening('socket.write("hello")'))
    await second[Symbol.asyncDispose]()
    expect(await running.box.ended).toMatchObject({ engineAway: true })
    await expect(through.facts()).rejects.toMatchObject({ code: 'ENGINE_AWAY' })
    await running.box[Symbol.asyncDispose]()

    await using _again = await openBroker({ listen: at })
    await using after = await openProgram(through, listening(''))
    expect(after.started).toMatchObject({ listening: true })
    // The box that could not be removed while the broker was away.
    expect(await through.reap()).toBeGreaterThanOrEqual(1)
  })

  test.skipIf(TestEngine.unavailable())('reads the same when the engine behind it is gone', async () => {
    await using engine = await TestEngine.open([nodeRef])
    const at = join(folder.path, 'third.sock')
    await using _broker = await openBroker({ listen: at, dockerHost: engine.dockerHost })
    const through: Sandbox = openDockerSandbox({ dockerHost: `unix://${at}` })
    const running = await openProgram(through, listening(''))
    expect(running.started).toMatchObject({ listening: true })
    await engine.stop()
    expect(await running.box.ended).toMatchObject({ engineAway: true })
    await running.box[Symbol.asyncDispose]()
    await expect(through.open(boxSpec(), AbortSignal.timeout(60_000))).rejects.toMatchObject({ code: 'ENGINE_AWAY' })
    await engine.start()
    await using again = await openProgram(through, listening(''))
    expect(again.started).toMatchObject({ listening: true })
  })

  test('takes the place of one that was killed, never of one that listens', async () => {
    await expect(openBroker({ listen })).rejects.toMatchObject({ code: 'BROKER_LISTEN' })
    await expect(openBroker({ listen: join(folder.path, 'no', 'where') })).rejects.toMatchObject({ code: 'BROKER_LISTEN' })
    await expect(openBroker({ listen, dockerHost: 'tcp://127.0.0.1:2375' })).rejects.toMatchObject({ code: 'BROKER_ENGINE' })
  })
})

type Sent = { method: string; path: string; body?: unknown; headers?: Record<string, string> }

/** Sends what no client library would. */
function send({ method, path, body, headers = {} }: Sent): Promise<{ status: number; message: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; message: string }>()
  const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
  const asking = request({ socketPath: listen, method, path, headers: { 'content-type': 'application/json', ...headers } })
  const settle = async (response: NodeJS.ReadableStream & { statusCode?: number }) => {
    const said = await text(response)
    resolve({
      status: response.statusCode!,
      message: said.startsWith('{') ? String((JSON.parse(said) as { message: unknown }).message) : said,
    })
  }
  asking.on('response', response => void settle(response))
  asking.on('upgrade', (response, socket) => {
    socket.destroy()
    resolve({ status: response.statusCode!, message: 'upgraded' })
  })
  asking.on('error', reject)
  asking.end(payload)
  return promise
}

type Box = ReturnType<typeof hostConfig>
const CREATE = '/containers/create?name=assay-subject-00000000000a'

describe('a create request that is not a box is refused and names why:', () => {
  const box = () => {
    const spec = boxSpec()
    return hostConfig(spec, { imageRef: nodeRef, architecture, user: 10_002, labels: labelsOf(spec, Date.now()) })
  }
  const changed = (change: (box: Box) => unknown) => {
    const made = box()
    change(made)
    return made
  }
  const host = (fields: Record<string, unknown>) => (made: Box) => Object.assign(made.HostConfig, fields)
  const top = (fields: Record<string, unknown>) => (made: Box) => Object.assign(made, fields)
  const label = (fields: Record<string, unknown>) => (made: Box) => Object.assign(made.Labels!, fields)

  test.each<[string, (box: Box) => unknown, RegExp]>([
    ['privileged', host({ Privileged: true }), /HostConfig\.Privileged/],
    ['not privileged, but said', host({ Privileged: false }), /HostConfig\.Privileged: a box has no such field/],
    ['the host’s root bound', host({ Binds: ['/:/host'] }), /HostConfig\.Binds/],
    ['the engine’s socket bound', host({ Binds: ['/var/run/docker.sock:/s'] }), /HostConfig\.Binds/],
    ['a mount by its other name', host({ Mounts: [{ Type: 'bind', Source: '/', Target: '/host' }] }), /HostConfig\.Mounts/],
    ['volumes of another container', host({ VolumesFrom: ['worker'] }), /HostConfig\.VolumesFrom/],
    ['a volume', top({ Volumes: { '/host': {} } }), /Volumes/],
    ['the host’s processes', host({ PidMode: 'host' }), /HostConfig\.PidMode/],
    ['another container’s processes', host({ PidMode: 'container:worker' }), /HostConfig\.PidMode/],
    ['the host’s IPC', host({ IpcMode: 'host' }), /HostConfig\.IpcMode/],
    ['the host’s network', host({ NetworkMode: 'host' }), /HostConfig\.NetworkMode/],
    ['a network', top({ NetworkDisabled: false }), /NetworkDisabled/],
    ['networking of the newer kind', top({ NetworkingConfig: { EndpointsConfig: {} } }), /NetworkingConfig/],
    ['the host’s users', host({ UsernsMode: 'host' }), /HostConfig\.UsernsMode/],
    ['the host’s UTS', host({ UTSMode: 'host' }), /HostConfig\.UTSMode/],
    ['the host’s control groups', host({ CgroupnsMode: 'host' }), /HostConfig\.CgroupnsMode/],
    ['a control group of its choice', host({ CgroupParent: '/' }), /HostConfig\.CgroupParent/],
    [
      'devices',
      host({ Devices: [{ PathOnHost: '/dev/kvm', PathInContainer: '/dev/kvm', CgroupPermissions: 'rwm' }] }),
      /HostConfig\.Devices/,
    ],
    ['device rules', host({ DeviceCgroupRules: ['a *:* rwm'] }), /HostConfig\.DeviceCgroupRules/],
    ['device requests', host({ DeviceRequests: [{ Driver: 'nvidia', Count: -1 }] }), /HostConfig\.DeviceRequests/],
    ['capabilities', host({ CapAdd: ['SYS_ADMIN'] }), /HostConfig\.CapAdd/],
    ['fewer taken away', host({ CapDrop: [] }), /HostConfig\.CapDrop/],
    ['no system call filter', host({ SecurityOpt: ['no-new-privileges', 'seccomp=unconfined'] }), /HostConfig\.SecurityOpt/],
    [
      'another system call filter',
      made => (made.HostConfig.SecurityOpt![1] = made.HostConfig.SecurityOpt![1].replace('"ptrace"', '"x"').replace('getpid', 'ptrace')),
      /HostConfig\.SecurityOpt/,
    ],
    ['new privileges', made => made.HostConfig.SecurityOpt!.shift(), /HostConfig\.SecurityOpt/],
    ['no AppArmor', made => made.HostConfig.SecurityOpt!.push('apparmor=unconfined'), /HostConfig\.SecurityOpt/],
    ['a root to write to', host({ ReadonlyRootfs: false }), /HostConfig\.ReadonlyRootfs/],
    ['unmasked paths', host({ MaskedPaths: [] }), /HostConfig\.MaskedPaths/],
    ['writable paths', host({ ReadonlyPaths: [] }), /HostConfig\.ReadonlyPaths/],
    ['a tmpfs to run programs from', made => (made.HostConfig.Tmpfs!['/tmp'] = 'rw,exec'), /HostConfig\.Tmpfs/],
    ['one tmpfs more', made => (made.HostConfig.Tmpfs!['/etc'] = 'rw'), /HostConfig\.Tmpfs/],
    ['a runtime that is none of ours', host({ Runtime: 'io.containerd.runc.v2' }), /HostConfig\.Runtime/],
    ['no runtime', made => delete made.HostConfig.Runtime, /HostConfig\.Runtime/],
    ['more memory than any exercise', host({ Memory: 3 * 1024 ** 3, MemorySwap: 3 * 1024 ** 3 }), /HostConfig\.Memory/],
    ['memory without limit', host({ Memory: 0, MemorySwap: 0 }), /HostConfig\.Memory/],
    ['swap', host({ MemorySwap: -1 }), /HostConfig\.MemorySwap/],
    ['more processors than any exercise', host({ NanoCpus: 64e9 }), /HostConfig\.NanoCpus/],
    ['more processes', host({ PidsLimit: -1 }), /HostConfig\.PidsLimit/],
    ['other ulimits', host({ Ulimits: [] }), /HostConfig\.Ulimits/],
    ['settings of the kernel', host({ Sysctls: { 'kernel.core_pattern': '|/x' } }), /HostConfig\.Sysctls/],
    ['a log', host({ LogConfig: { Type: 'syslog', Config: { 'syslog-address': 'tcp://10.0.0.1' } } }), /HostConfig\.LogConfig/],
    ['a restart for ever', host({ RestartPolicy: { Name: 'always' } }), /HostConfig\.RestartPolicy/],
    ['ports', host({ PortBindings: { '80/tcp': [{ HostPort: '80' }] } }), /HostConfig\.PortBindings/],
    ['links', host({ Links: ['db'] }), /HostConfig\.Links/],
    ['groups', host({ GroupAdd: ['docker'] }), /HostConfig\.GroupAdd/],
    ['a priority over the host', host({ OomScoreAdj: -1000 }), /HostConfig\.OomScoreAdj/],
    ['no out-of-memory kill', host({ OomKillDisable: true }), /HostConfig\.OomKillDisable/],
    ['root', top({ User: '0:0' }), /User/],
    ['root by its group', top({ User: '10002:0' }), /User/],
    ['the user of other boxes', top({ User: '10001:10001' }), /User/],
    ['a user of the host', top({ User: '1000:10001' }), /User/],
    ['a command', top({ Cmd: ['sh', '-c', 'id'] }), /Cmd: a box has no such field/],
    ['an entrypoint', top({ Entrypoint: ['sh'] }), /Entrypoint/],
    ['its own environment', top({ Env: ['NODE_OPTIONS=--require=/x'] }), /Env/],
    ['a health check', top({ Healthcheck: { Test: ['CMD', 'x'] } }), /Healthcheck/],
    ['a field nobody knows', top({ Sneaky: 1 }), /Sneaky/],
    ['a field nobody knows, further in', host({ Sneaky: null }), /HostConfig\.Sneaky/],
    [
      'a field of the prototype',
      made => Object.defineProperty(made, '__proto__', { value: { Privileged: true }, enumerable: true }),
      /__proto__/,
    ],
    ['another image', top({ Image: 'debian:trixie-slim' }), /Image/],
    ['an image by its digest', top({ Image: `sha256:${'0'.repeat(64)}` }), /Image/],
    ['an image of another registry', top({ Image: 'evil.example/assay-node:0123456789abcdef' }), /Image/],
    [
      'the image of another role',
      made => top({ Image: made.Image!.replace('node', 'examiner') })(made),
      /Image: a subject box has no image examiner/,
    ],
    ['no labels', top({ Labels: {} }), /Labels/],
    ['another label', label({ 'com.docker.compose.project': 'assay' }), /Labels/],
    ['a role that there isn’t', label({ 'assay.box': 'admin' }), /Labels\.assay\.box/],
    ['a role that isn’t its name’s', label({ 'assay.box': 'database' }), /Image: a database box/],
    ['an owner that isn’t a process', label({ 'assay.owner': '{}' }), /Labels\.assay\.owner/],
    ['a lease without end', label({ 'assay.lease-ends': '2099-01-01T00:00:00.000Z' }), /Labels\.assay\.lease-ends/],
  ])('%s', async (_, change, why) => {
    const { status, message } = await send({ method: 'POST', path: CREATE, body: changed(change) })
    expect({ status, message }).toEqual({ status: 403, message: expect.stringMatching(why) })
    expect(message).toContain('POST /containers/create')
  })

  test.each<[string, Sent, number]>([
    ['no JSON', { method: 'POST', path: CREATE, body: '{' }, 400],
    ['nothing', { method: 'POST', path: CREATE }, 400],
    ['a list', { method: 'POST', path: CREATE, body: '[]' }, 403],
    ['too much', { method: 'POST', path: CREATE, body: ' '.repeat(100_000) }, 413],
  ])('%s', async (_, sent, status) => expect(await send(sent)).toMatchObject({ status }))

  test.each([
    ['of somebody else', 'name=worker'],
    ['of another role', 'name=assay-database-00000000000a'],
    ['that is missing', ''],
    ['given twice', 'name=assay-subject-00000000000a&name=worker'],
    ['with a platform', 'name=assay-subject-00000000000a&platform=linux'],
    ['with an escape', 'name=assay-subject-00000000000a%00'],
    ['with a broken escape', 'name=%zz'],
  ])('a name %s', async (_, query) => {
    const { status } = await send({ method: 'POST', path: `/containers/create?${query}`, body: box() })
    expect([400, 403]).toContain(status)
  })

  test('an image that was given one of our names by somebody', async () => {
    const tag = { repo: 'assay-node', tag: 'f'.repeat(16) }
    await docker.getImage((await docker.listImages()).find(({ Labels }) => !Labels?.['assay.image'])!.Id).tag(tag)
    try {
      const sent = { method: 'POST', path: CREATE, body: changed(top({ Image: `${tag.repo}:${tag.tag}` })) }
      expect(await send(sent)).toMatchObject({ status: 403, message: expect.stringContaining('not built as a sandbox image') })
    } finally {
      await docker.getImage(`${tag.repo}:${tag.tag}`).remove()
    }
  })

  test('an image that isn’t there reads as the engine says it', async () => {
    const sent = { method: 'POST', path: CREATE, body: changed(top({ Image: `assay-node:${'0'.repeat(16)}` })) }
    expect(await send(sent)).toMatchObject({ status: 404, message: expect.stringMatching(/no such image/i) })
  })

  test('while the same request unchanged makes a box', async () => {
    expect(await send({ method: 'POST', path: CREATE, body: box() })).toMatchObject({ status: 201 })
    expect(await send({ method: 'DELETE', path: '/v1.41/containers/assay-subject-00000000000a?force=1&v=1' })).toMatchObject({
      status: 204,
    })
  })
})

describe('of the engine’s other calls none comes through:', () => {
  let box: Docker.Container
  let other: Docker.Container
  beforeAll(async () => {
    const spec = boxSpec()
    const options = hostConfig(spec, { imageRef: nodeRef, architecture, labels: labelsOf(spec, Date.now()) })
    box = await docker.createContainer({ ...options, name: 'assay-subject-00000000000b' })
    // Somebody else's on the same engine, even with a label of ours.
    other = await docker.createContainer({
      Image: nodeRef,
      name: `other-${process.pid}`,
      Labels: { 'assay.box': 'subject' },
      Cmd: ['true'],
    })
  })
  afterAll(() => Promise.all([box.remove({ force: true }), other.remove({ force: true })]))

  const ID = 'BOX'
  const OTHER = 'OTHER'
  test.each<[method: string, path: string]>([
    ['POST', `/containers/${ID}/exec`],
    ['POST', '/exec/0123456789ab/start'],
    ['GET', `/containers/${ID}/archive?path=/`],
    ['PUT', `/containers/${ID}/archive?path=/`],
    ['HEAD', `/containers/${ID}/archive?path=/`],
    ['GET', `/containers/${ID}/export`],
    ['GET', `/containers/${ID}/logs?stdout=1`],
    ['GET', `/containers/${ID}/top`],
    ['GET', `/containers/${ID}/changes`],
    ['GET', `/containers/${ID}/stats`],
    ['POST', `/containers/${ID}/update`],
    ['POST', `/containers/${ID}/rename?name=x`],
    ['POST', `/containers/${ID}/pause?t=1`],
    ['GET', `/containers/${ID}/unpause`],
    ['POST', `/containers/${ID}/restart`],
    ['POST', `/containers/${ID}/stop`],
    ['POST', `/containers/${ID}/kill?signal=KILL`],
    ['POST', `/containers/${ID}/attach?stream=1`],
    ['POST', `/containers/${ID}/attach?stream=true&hijack=true&stdin=true&stdout=true&stderr=true`],
    ['GET', `/containers/${ID}/attach/ws?stream=1`],
    ['POST', '/containers/prune'],
    ['POST', '/build?remote=http://x/'],
    ['POST', '/images/create?fromImage=alpine'],
    ['POST', '/images/load'],
    ['POST', `/images/assay-node:0123456789abcdef/tag?repo=x`],
    ['DELETE', '/images/assay-node:0123456789abcdef'],
    ['GET', '/images/get?names=x'],
    ['GET', '/images/json'],
    ['GET', '/images/json?filters={"reference":["debian"]}'],
    ['POST', `/commit?container=${ID}`],
    ['POST', '/volumes/create'],
    ['GET', '/volumes'],
    ['POST', '/networks/create'],
    ['POST', '/networks/bridge/connect'],
    ['POST', '/swarm/init'],
    ['POST', '/services/create'],
    ['GET', '/secrets'],
    ['POST', '/plugins/pull'],
    ['GET', '/plugins'],
    ['POST', '/session'],
    ['POST', '/grpc'],
    ['GET', '/system/df'],
    ['GET', '/distribution/x/json'],
    ['POST', '/auth'],
    ['GET', '/events'],
    ['GET', '/events?since=0&until=9999999999&filters={"container":["BOX"],"event":["oom"]}'],
    ['GET', '/events?since=0&until=1&filters={"type":["container"]}'],
    ['GET', '/events?since=0&filters={"event":["die","oom"]}'],
    ['GET', '/events?since=0&filters={"label":["assay.box"],"event":["die","oom","exec_start"]}'],
    ['GET', '/events?since=0&filters={"label":["other"],"event":["die","oom"]}'],
    ['GET', '/events?since=0&until=1&filters={"label":["assay.box"],"event":["die","oom"]}'],
    ['GET', '/containers/json'],
    ['GET', '/containers/json?all=true&filters={"label":["assay.box","x"]}'],
    ['GET', '/containers/json?all=true&size=1&filters={"label":["assay.box"]}'],
    ['GET', `/containers/${OTHER}/json`],
    ['POST', `/containers/${OTHER}/start`],
    ['POST', `/containers/${OTHER}/kill`],
    ['POST', `/containers/${OTHER}/pause`],
    ['POST', `/containers/${OTHER}/unpause`],
    ['DELETE', `/containers/${OTHER}?force=1&v=1`],
    ['DELETE', `/containers/${ID}?force=1&v=1&link=1`],
    ['DELETE', `/containers/${ID}?force=1&force=1&v=1`],
    ['GET', `/containers/${ID}/json?size=1`],
    ['GET', `/containers/other-${process.pid}/json`],
    ['GET', `/containers/${ID}%2f..%2f..%2fvolumes/json`],
    ['GET', `/containers/../volumes`],
    ['GET', `/v1.41/../volumes`],
    ['GET', `//volumes`],
    ['GET', `/v1.41/v1.41/info`],
    ['GET', `/v2.0/info`],
    ['GET', `/info?x=1`],
    ['GET', `/info?`.concat('?')],
    ['GET', 'http://other/info'],
    ['OPTIONS', '/info'],
    ['TRACE', '/info'],
    ['PATCH', `/containers/${ID}/json`],
  ])('%s %s', async (method, path) => {
    const sent = { method, path: path.replace(ID, box.id).replace(OTHER, other.id) }
    const { status, message } = await send(sent)
    expect(status).toBe(403)
    if (method !== 'HEAD') expect(message).toContain(method)
    expect((await box.inspect()).State.Status).toBe('created')
    expect((await other.inspect()).State.Status).toBe('created')
  })

  test.each<[string, string, Record<string, string>, number]>([
    ['to a session of the builder', '/session', { upgrade: 'h2c' }, 403],
    ['to a terminal of a box', `/exec/${ID}/start`, { upgrade: 'tcp' }, 403],
    ['to somebody else’s container', `/containers/${OTHER}/attach?stream=1&hijack=1&stdin=1&stdout=1&stderr=1`, { upgrade: 'tcp' }, 403],
    ['to another protocol', `/containers/${ID}/attach?stream=1&hijack=1&stdin=1&stdout=1&stderr=1`, { upgrade: 'h2c' }, 403],
    [
      'with a body in chunks',
      `/containers/${ID}/attach?stream=1&hijack=1&stdin=1&stdout=1&stderr=1`,
      { upgrade: 'tcp', 'transfer-encoding': 'chunked' },
      413,
    ],
    ['to a box', `/containers/${ID}/attach?stream=1&hijack=1&stdin=1&stdout=1&stderr=1`, { upgrade: 'tcp' }, 101],
  ])('an upgrade %s', async (_, path, headers, status) => {
    const sent = { method: 'POST', path: path.replace(ID, box.id).replace(OTHER, other.id), headers: { connection: 'Upgrade', ...headers } }
    expect(await send(sent)).toMatchObject({ status })
  })

  test('a second request hidden behind the first is not one', async () => {
    const socket = connect(listen)
    const lengths = 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n'
    socket.end(
      `POST /containers/${box.id}/kill HTTP/1.1\r\nHost: x\r\n${lengths}\r\n0\r\n\r\nPOST /containers/${other.id}/start HTTP/1.1\r\nHost: x\r\n\r\n`,
    )
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /)
    expect((await other.inspect()).State.Status).toBe('created')
  })

  test('the engine tells of itself no more than grading asks', async () => {
    const info = await connectEngine({ dockerHost: broker.address }).docker.info()
    expect(Object.keys(info)).not.toContain('DockerRootDir')
    expect(Object.keys(info)).not.toContain('Containers')
    expect(info).toMatchObject({ Driver: expect.any(String), Runtimes: { runc: {} } })
  })

  test('lists hold boxes alone', async () => {
    const listed = await connectEngine({ dockerHost: broker.address }).docker.listContainers({
      all: true,
      filters: '{"label":["assay.box"]}',
    })
    expect(listed.map(({ Id }) => Id)).toContain(box.id)
    expect(listed.map(({ Id }) => Id)).not.toContain(other.id)
  })

  test('news are of boxes alone, and say no more than what became of which', async () => {
    const names = { box: 'assay-subject-00000000000c', other: `other-ends-${process.pid}` }
    const made = await Promise.all(
      Object.values(names).map(name =>
        docker.createContainer({ Image: nodeRef, name, Labels: { 'assay.box': 'subject' }, Entrypoint: ['/bin/false'] }),
      ),
    )
    const gone = new AbortController()
    try {
      const news = (await connectEngine({ dockerHost: broker.address }).docker.getEvents({
        since: Math.floor(Date.now() / 1000) - 1,
        filters: '{"label":["assay.box"],"event":["die","oom"]}',
        abortSignal: gone.signal,
      })) as Readable
      for (const container of [...made].reverse()) {
        await container.start()
        await container.wait()
      }
      // Other tests' boxes end meanwhile.
      const heard: unknown[] = []
      for await (const line of jsonLines(news, { maxLine: 10_000, maxTotal: 1_000_000 })) {
        heard.push(line)
        if (JSON.stringify(line).includes(made[0]!.id)) break
      }
      expect(JSON.stringify(heard)).not.toContain(made[1]!.id)
      expect(heard.at(-1)).toEqual({
        Type: 'container',
        Action: 'die',
        Actor: { ID: made[0]!.id },
        time: expect.any(Number),
        timeNano: expect.any(Number),
      })
    } finally {
      gone.abort()
      await Promise.all(made.map(container => container.remove({ force: true })))
    }
  })
})
