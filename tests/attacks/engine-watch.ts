import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import Docker from 'dockerode'
import { z } from 'zod'

/*
 * What is done to boxes from outside, as the engine tells it. Once a box is started nobody runs anything in it, copies files
 * into it or out of it, or keeps a copy of it: that is how a box gets at its host.
 */
const LIFE_OF_A_BOX = new Set(['create', 'attach', 'detach', 'start', 'oom', 'kill', 'die', 'destroy'])

export type EngineWatch = AsyncDisposable & {
  /** Everything that was done to these boxes beside their plain life, in words. */
  meddling(boxes: ReadonlySet<string>): Promise<string[]>
}

const eventSchema = z.object({ Type: z.string(), Action: z.string(), Actor: z.object({ ID: z.string() }) })

/** Listens from the moment that it resolves. */
export async function watchEngine(docker: Docker = new Docker()): Promise<EngineWatch> {
  const events = (await docker.getEvents({ filters: JSON.stringify({ type: ['container'] }) })) as Readable
  const seen: { box: string; action: string }[] = []
  const lines = createInterface({ input: events })
  lines.on('line', line => {
    const { Action, Actor } = eventSchema.parse(JSON.parse(line))
    seen.push({ box: Actor.ID, action: Action.split(':')[0]! })
  })
  return {
    async meddling(boxes) {
      await everythingTold(docker, seen, lines)
      return [...new Set(seen.filter(({ box, action }) => boxes.has(box) && !LIFE_OF_A_BOX.has(action)).map(({ action }) => action))]
    },
    async [Symbol.asyncDispose]() {
      lines.close()
      events.destroy()
    },
  }
}

/** Has the engine tell of something that is ours, and waits for that: what came before has been told by then. */
async function everythingTold(docker: Docker, seen: readonly { box: string }[], lines: ReturnType<typeof createInterface>): Promise<void> {
  const [image] = await docker.listImages({ filters: JSON.stringify({ label: ['assay.image'] }) })
  const marker = await docker.createContainer({ Image: image!.Id, Cmd: ['true'], NetworkDisabled: true })
  try {
    while (!seen.some(({ box }) => box === marker.id)) await once(lines, 'line')
  } finally {
    await marker.remove()
  }
}
