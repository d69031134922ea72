import { jsonLine, jsonLines } from '../../core/lines.ts'
import type { BoxSpec } from '../sandbox/sandbox.ts'
import { boxProfile } from '../sandbox/docker/apparmor.ts'
import { connectEngine } from '../sandbox/docker/engine.ts'
import { missingLimits, type LimitFacts } from '../sandbox/docker/engine-limits.ts'
import { hostConfig } from '../sandbox/docker/host-config.ts'
import { BOX_LABEL } from '../sandbox/docker/owner.ts'
import { readBoxRequest } from './box-request.ts'
import type { Call } from './calls.ts'
import type { Ask, EngineSocket } from './engine-socket.ts'
import { Refusal } from './refusal.ts'

/** So many boxes may there be at a time: 64 slots of five (three and a reference's two) and some that are being removed. More is not grading. */
const BOXES_AT_MOST = 384
/** One event is some 800 bytes; a subscription may last for weeks. */
const NEWS_LINES = { maxLine: 64 * 1024, maxTotal: Infinity }
const ROLES: readonly string[] = ['subject', 'database', 'examiner'] satisfies BoxSpec['role'][]
const OUR_NAME = /^\/assay-(?:subject|database|examiner|probe)-[0-9a-f]{12}$/

/** `type` is the content's. */
export type Answer = { status: number; body: string; type?: string }

type Image = { Config?: { Labels?: Record<string, string> | null } }
type Container = { Id: string; Name: string; Config: { Labels: Record<string, string> | null } }
type News = { Type: string; Action: string; Actor: { ID: string; Attributes: Record<string, string> }; time: number; timeNano: number }
type Listed = { Names: string[]; Labels: Record<string, string> | null }

/** Carries out calls that were read, on one engine. Throws a Refusal, or whatever else when the engine is away. */
export class CallAnswerer {
  readonly #socket: EngineSocket
  readonly #dockerHost: string
  #architecture: Promise<string> | undefined
  #appArmor: Promise<string | undefined> | undefined

  constructor(socket: EngineSocket, dockerHost: string) {
    this.#socket = socket
    this.#dockerHost = dockerHost
  }

  /** `body` is read only by calls that have one. */
  async answer(call: Exclude<Call, { what: 'attach' | 'events' }>, body: string, signal: AbortSignal): Promise<Answer> {
    const ask = (asked: Omit<Ask, 'signal'>) => this.#socket.ask({ ...asked, signal })
    switch (call.what) {
      case 'ping':
        return { ...(await ask({ method: 'GET', path: '/_ping' })), type: 'text/plain' }
      case 'version':
        return ask({ method: 'GET', path: '/version' })
      case 'info':
        return factsAlone(await ask({ method: 'GET', path: '/info' }))
      case 'find-images':
        return ask({ method: 'GET', path: '/images/json', query: { filters: JSON.stringify({ reference: [call.ref] }) } })
      case 'inspect-image':
        return ask({ method: 'GET', path: `/images/${call.ref}/json` })
      case 'list':
        return this.#list(signal)
      case 'create':
        return this.#create(call.name, body, signal)
      case 'inspect':
        return { status: 200, body: JSON.stringify(await this.#ours(call.container, signal)) }
      case 'start':
      case 'kill':
      case 'pause':
      case 'unpause':
        return ask({ method: 'POST', path: `/containers/${await this.ourId(call.container, signal)}/${call.what}` })
      case 'wait': {
        const path = `/containers/${await this.ourId(call.container, signal)}/wait`
        return ask({ method: 'POST', path, query: { condition: call.until } })
      }
      default: {
        call.what satisfies 'remove'
        const path = `/containers/${await this.ourId(call.container, signal)}`
        return ask({ method: 'DELETE', path, query: { force: '1', v: '1' } })
      }
    }
  }

  /** News of boxes, while they come: a line each, that says no more than which box and what of it. */
  async *news(since: string, signal: AbortSignal): AsyncGenerator<string> {
    const filters = JSON.stringify({ type: ['container'], label: [BOX_LABEL], event: ['die', 'oom'] })
    const answer = await this.#socket.open({ method: 'GET', path: '/events', query: { since, filters }, signal })
    if (answer.statusCode !== 200) throw new Error(`the engine answered ${answer.statusCode}`)
    // What is sent first says that the subscription stands.
    yield '\n'
    for await (const line of jsonLines(answer, NEWS_LINES)) {
      const { Type, Action, Actor, time, timeNano } = line as News
      const { name, ...labels } = Actor.Attributes
      if (!OUR_NAME.test(`/${name}`) || !isBox(labels)) continue
      yield jsonLine({ Type, Action, Actor: { ID: Actor.ID }, time, timeNano })
    }
  }

  /** The full id of a container that is a box. */
  async ourId(container: string, signal: AbortSignal): Promise<string> {
    return (await this.#ours(container, signal)).Id
  }

  async #ours(container: string, signal: AbortSignal): Promise<Container> {
    const { status, body } = await this.#socket.ask({ method: 'GET', path: `/containers/${container}/json`, signal })
    if (status === 404) throw new Refusal(`No such container: ${container}`, 404)
    if (status !== 200) throw new Error(`the engine answered ${status}`)
    const found = JSON.parse(body) as Container
    if (!OUR_NAME.test(found.Name) || !isBox(found.Config.Labels)) throw new Refusal('this container is no box of a grading')
    return found
  }

  async #list(signal: AbortSignal): Promise<Answer> {
    const filters = JSON.stringify({ label: [BOX_LABEL] })
    const { status, body } = await this.#socket.ask({ method: 'GET', path: '/containers/json', query: { all: '1', filters }, signal })
    if (status !== 200) return { status, body }
    const ours = (JSON.parse(body) as Listed[]).filter(({ Names, Labels }) => Names.some(name => OUR_NAME.test(name)) && isBox(Labels))
    return { status, body: JSON.stringify(ours) }
  }

  /** The container is made of our own words: nothing of what the worker sent goes on but what readBoxRequest read out of it. */
  async #create(name: string, body: string, signal: AbortSignal): Promise<Answer> {
    const architecture = await this.#engineArchitecture(signal)
    const { spec, imageRef, user, labels } = readBoxRequest(body, architecture, Date.now())
    if (!name.startsWith(`assay-${spec.role}-`)) throw new Refusal(`"name" is not one of a ${spec.role} box`)
    const image = await this.#socket.ask({ method: 'GET', path: `/images/${imageRef}/json`, signal })
    if (image.status !== 200) return image
    // Whoever may tag images may give any of them such a name; ours are labelled when they are built.
    if ((JSON.parse(image.body) as Image).Config?.Labels?.['assay.image'] !== `assay-${spec.image}`) {
      throw new Refusal('Image: this image was not built as a sandbox image')
    }
    // An engine that drops limits makes the box all the same.
    const missing = missingLimits(JSON.parse((await this.#socket.ask({ method: 'GET', path: '/info', signal })).body) as LimitFacts)
    if (missing.length > 0) throw new Refusal(`the engine can't hold a box to its limits of ${missing.join(', ')}`)
    const listed = await this.#list(signal)
    if (listed.status === 200 && (JSON.parse(listed.body) as unknown[]).length >= BOXES_AT_MOST)
      throw new Refusal(`there are ${BOXES_AT_MOST} boxes already`)
    const surroundings = { imageRef, architecture, user, appArmor: await this.#profile(imageRef, architecture), labels }
    const options = hostConfig(spec, surroundings)
    return this.#socket.ask({ method: 'POST', path: '/containers/create', query: { name }, body: JSON.stringify(options), signal })
  }

  #engineArchitecture(signal: AbortSignal): Promise<string> {
    const asking = async () =>
      (JSON.parse((await this.#socket.ask({ method: 'GET', path: '/version', signal })).body) as { Arch: string }).Arch
    this.#architecture ??= asking()
    return this.#architecture.catch(error => {
      this.#architecture = undefined
      throw error
    })
  }

  #profile(imageRef: string, architecture: string): Promise<string | undefined> {
    this.#appArmor ??= boxProfile(connectEngine({ dockerHost: this.#dockerHost }), { imageRef, architecture })
    return this.#appArmor.catch(error => {
      this.#appArmor = undefined
      throw error
    })
  }
}

const isBox = (labels: Record<string, string> | null) => ROLES.includes(labels?.[BOX_LABEL] ?? '')

/** What a worker asks an engine about itself. AppArmor is left out: that a box is put under it is the broker's to see to. */
const FACTS = [
  'Architecture',
  'CgroupDriver',
  'CgroupVersion',
  'CpuCfsQuota',
  'Driver',
  'KernelVersion',
  'MemoryLimit',
  'NCPU',
  'OSType',
  'PidsLimit',
  'Runtimes',
  'ServerVersion',
  'SwapLimit',
  'Warnings',
]

function factsAlone({ status, body }: Answer): Answer {
  if (status !== 200) return { status, body }
  const info = JSON.parse(body) as Record<string, unknown>
  const runtimes = Object.fromEntries(Object.keys((info['Runtimes'] as object | null) ?? {}).map(name => [name, {}]))
  return {
    status,
    body: JSON.stringify({ ...Object.fromEntries(FACTS.map(fact => [fact, info[fact]])), Runtimes: runtimes, SecurityOptions: [] }),
  }
}
