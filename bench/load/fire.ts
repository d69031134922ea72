import { setTimeout as sleep } from 'node:timers/promises'
import { createChance } from '../growth/chance.ts'
import type { Client } from './client.ts'
import { oldGenerationBytes, residentBytes, type MemoryLine } from './memory.ts'
import type { HandIn, Mix } from './mix.ts'
import { GROUPS, type Planned } from './plan-rush.ts'
import type { LoadService } from './service.ts'

export type Handed = Planned & { id: string; handIn: HandIn }
/** What somebody was told of their place, and when. */
export type Told = { id: string; at: number; position: number; waitSeconds: number | null }
export type Fired = {
  handed: Handed[]
  /** Answered otherwise than with 202, by status. */
  refused: Record<string, number>
  told: Told[]
  memory: Record<keyof LoadService['pids'], MemoryLine>
  startedAt: number
  /** Whether the time was over before the rush was. */
  cut: boolean
}

const LOOK_MS = 1000
/** Of those who wait, so many ask for their place at each look. */
const ASKING = 4

type Options = {
  plan: readonly Planned[]
  mix: Mix
  service: LoadService
  client: Client
  seed: number
  minutes: number
  signal: AbortSignal
  say: (line: string) => void
}

/** Hands the rush in as planned, watches until all of it is over or the time is, and returns what was seen. */
export async function fire({ plan, mix, service, client, seed, minutes, signal, say }: Options): Promise<Fired> {
  const handed: Handed[] = []
  const refused: Record<string, number> = {}
  const told: Told[] = []
  const memory: Fired['memory'] = { server: [], worker: [], redis: [] }
  const chance = createChance(seed + 2)
  const used = new Map<string, number>()
  const startedAt = Date.now()
  const deadline = startedAt + minutes * 60_000
  const handingIn = handInAll()
  let cut = false
  /** Those of whom nobody has heard yet that they are begun. */
  let unbegun: Handed[] = []
  let known = 0
  for (let look = 0; ; look++) {
    signal.throwIfAborted()
    await sleep(LOOK_MS, undefined, { signal })
    const at = Date.now() - startedAt
    for (const name of ['server', 'worker', 'redis'] as const) {
      const bytes = residentBytes(service.pids[name])
      const oldBytes = name === 'redis' ? undefined : oldGenerationBytes(service.heaps[name])
      if (bytes !== undefined) memory[name].push({ atMs: at, bytes, ...(oldBytes !== undefined && { oldBytes }) })
    }
    unbegun.push(...handed.slice(known))
    known = handed.length
    await askForPlaces(look)
    const all = plan.length === handed.length + Object.values(refused).reduce((sum, count) => sum + count, 0)
    const open = await lookAtLists(look)
    if (look % 10 === 9) say(`${Math.round(at / 1000)} s: ${handed.length} of ${plan.length} handed in, ${unbegun.length} may still wait`)
    if (all && !open) break
    if (Date.now() > deadline) {
      cut = true
      break
    }
  }
  if (!cut) await handingIn
  return { handed, refused, told, memory, startedAt, cut }

  async function handInAll(): Promise<void> {
    await Promise.all(
      plan.map(async planned => {
        await sleep(Math.max(0, startedAt + planned.atMs - Date.now()), undefined, { signal })
        const handIn = mix.choose(planned.draw)
        const turn = used.get(planned.owner) ?? 0
        used.set(planned.owner, turn + 1)
        const tokens = service.tokens.get(planned.owner)!
        const body = { exercise: handIn.exercise, files: handIn.files, runtime: handIn.runtime }
        const answer = await client
          .ask(planned.flood ? 'hand in, flooding' : 'hand in', 'POST', '/submissions', tokens[turn % tokens.length]!, body)
          .catch((error: Error) => ({ status: error.name, body: undefined }))
        if (answer.status === 202) handed.push({ ...planned, handIn, id: (answer.body as { id: string }).id })
        else refused[answer.status] = (refused[answer.status] ?? 0) + 1
      }),
    ).catch(error => signal.aborted || say(`handing in: ${String(error)}`))
  }

  /** As the pages of some who wait do; those who are found not to wait any more aren't asked for again. */
  async function askForPlaces(look: number): Promise<void> {
    for (let asked = 0, waiting = 0; waiting < ASKING && asked < 4 * ASKING && unbegun.length > 0; asked++) {
      const one = unbegun[chance.below(unbegun.length)]!
      const at = Date.now()
      const { body } = await client.ask('read one', 'GET', `/submissions/${one.id}`, reader(look + asked))
      const { state, queuePosition, estimatedWaitSeconds } = body as Status
      if (queuePosition !== null) told.push({ id: one.id, at, position: queuePosition, waitSeconds: estimatedWaitSeconds })
      if (state === 'queued') waiting++
      else unbegun = unbegun.filter(each => each !== one)
    }
  }

  /** As the pages of staff do: whether anything of the rush isn't over. */
  async function lookAtLists(look: number): Promise<boolean> {
    for (const group of Object.keys(GROUPS))
      for (const state of ['queued', 'running']) {
        const path = `/submissions?group=${group}&state=${state}&limit=20`
        const { body } = await client.ask('list', 'GET', path, reader(look))
        if ((body as { items: unknown[] }).items.length > 0) return true
      }
    return false
  }

  function reader(turn: number): string {
    return service.readers[turn % service.readers.length]!
  }
}

type Status = { state: string; queuePosition: number | null; estimatedWaitSeconds: number | null }
