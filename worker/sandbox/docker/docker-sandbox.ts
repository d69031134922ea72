import { randomBytes } from 'node:crypto'
import { GraderError } from '../../../core/errors.ts'
import type { ImageName } from '../../../core/runtimes.ts'
import type { Box, BoxSpec, EngineFacts, Sandbox } from '../sandbox.ts'
import { boxProfile } from './apparmor.ts'
import { DockerBox } from './box.ts'
import { attach, createContainer, pauseContainer, removeContainer, startContainer } from './box-container.ts'
import { BoxWatch, type Watched } from './box-watch.ts'
import { connectEngine, engineFacts, type Engine } from './engine.ts'
import { takeBoxUser } from './box-users.ts'
import { requireLimits } from './engine-limits.ts'
import { hostConfig } from './host-config.ts'
import { imageDigest, imageRefs } from './images.ts'
import { BOX_LABEL, isLeftBehind, labelsOf } from './owner.ts'
import { Removals } from './removals.ts'

export type DockerSandboxOptions = {
  dockerHost?: string | undefined
  /** Called when a box could not be removed; `reap` gets it later. */
  onResidue?: (boxId: string) => void
}

/** Boxes as containers of a Docker engine. Nothing is sent to it before the first call. */
export function openDockerSandbox(options: DockerSandboxOptions = {}): Sandbox {
  return new DockerSandbox(connectEngine(options), options.onResidue ?? (() => {}))
}

/** Names of the boxes in use by this process, whichever sandbox opened them: their labels name the process. */
const inUse = new Set<string>()

type Image = { ref: string; digest: string; architecture: string; appArmor: string | undefined }

class DockerSandbox implements Sandbox {
  readonly #engine: Engine
  readonly #onResidue: (boxId: string) => void
  readonly #watch: BoxWatch
  readonly #removals = new Removals()
  #images: Map<ImageName, Image> | undefined
  /** Was wanted for a box and wasn't there. */
  #missing: ImageName | undefined
  #appArmor: Promise<string | undefined> | undefined

  constructor(engine: Engine, onResidue: (boxId: string) => void) {
    this.#engine = engine
    this.#onResidue = onResidue
    this.#watch = new BoxWatch(engine)
  }

  async open(spec: BoxSpec, signal: AbortSignal): Promise<Box> {
    signal.throwIfAborted()
    const { ref, digest, architecture, appArmor } = await this.#image(spec.image)
    signal.throwIfAborted()
    const name = `assay-${spec.role}-${randomBytes(6).toString('hex')}`
    inUse.add(name)
    const { user, release } = takeBoxUser(spec.role)
    let box: DockerBox | undefined
    let watched: Watched | undefined
    try {
      const options = hostConfig(spec, { imageRef: ref, architecture, user, appArmor, labels: labelsOf(spec, Date.now()) })
      const container = await createContainer(this.#engine, name, options)
      watched = this.#watch.add(container.id, () => box?.close())
      signal.throwIfAborted()
      const socket = await attach(this.#engine, container)
      signal.throwIfAborted()
      await startContainer(this.#engine, container)
      signal.throwIfAborted()
      const onDisposed = (removed: boolean) => {
        inUse.delete(name)
        release()
        if (!removed) this.#onResidue(name)
      }
      box = new DockerBox({
        engine: this.#engine,
        container,
        socket,
        watched,
        removals: this.#removals,
        role: spec.role,
        imageDigest: digest,
        onDisposed,
      })
      return box
    } catch (error) {
      if ((error as Partial<GraderError>).code === 'IMAGE_MISSING') {
        this.#images = undefined
        this.#missing = spec.image
      }
      watched?.[Symbol.dispose]()
      if (!(await removeContainer(this.#engine, name))) this.#onResidue(name)
      inUse.delete(name)
      release()
      throw error
    }
  }

  async facts(): Promise<EngineFacts> {
    const facts = await engineFacts(this.#engine)
    // Without it a worker would take one grading after the other from those who can grade them, and fail each.
    if (this.#missing) await this.#image(this.#missing)
    return facts
  }

  async reap(): Promise<number> {
    const found = await this.#engine.ask('list the boxes', (docker, abortSignal) =>
      docker.listContainers({ all: true, filters: JSON.stringify({ label: [BOX_LABEL] }), abortSignal }),
    )
    const left = found.filter(({ Labels, Names }) => isLeftBehind(Labels, inUse.has(Names[0]?.slice(1) ?? ''), Date.now()))
    const removed = await Promise.all(
      left.map(async ({ Id, State }) => {
        // A frozen box of gVisor's takes ten seconds to remove.
        if (State === 'paused') await pauseContainer(this.#engine, this.#engine.docker.getContainer(Id), 'unpause').catch(() => {})
        return removeContainer(this.#engine, Id)
      }),
    )
    return removed.filter(Boolean).length
  }

  /** The images stay the same for as long as the worker runs: what a report says about them is true for all its boxes. */
  async #image(name: ImageName): Promise<Image> {
    const known = this.#images?.get(name)
    if (known) return known
    const { architecture } = await engineFacts(this.#engine)
    const ref = (await imageRefs(architecture))[name]
    const digest = await imageDigest(this.#engine, ref)
    if (!digest) {
      this.#missing = name
      throw new GraderError('IMAGE_MISSING', `Sandbox image ${ref} is not built; run "npm run images"`)
    }
    if (this.#missing === name) this.#missing = undefined
    await requireLimits(this.#engine)
    this.#appArmor ??= boxProfile(this.#engine, { imageRef: ref, architecture })
    const appArmor = await this.#appArmor.catch(error => {
      this.#appArmor = undefined
      throw error
    })
    const image = { ref, digest, architecture, appArmor }
    this.#images = (this.#images ?? new Map<ImageName, Image>()).set(name, image)
    return image
  }
}
