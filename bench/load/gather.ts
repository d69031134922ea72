import type { Client } from './client.ts'
import type { Handed } from './fire.ts'
import { REGRADED_GROUP } from './regrades.ts'
import type { LoadService } from './service.ts'

/** One submission when the rush was over. Times in milliseconds since 1970. */
export type Ended = {
  id: string
  owner: string
  group: string
  kind: string
  flood: boolean
  expected: string
  state: string
  outcome: string | null
  createdAt: number
  /** When its first grading was begun; undefined when none was. */
  startedAt: number | undefined
  gradings: { reason: string; outcome: string | null; counted: boolean; startedAt: number | undefined; finishedAt: number | undefined }[]
}

const AT_A_TIME = 8

/** What became of each, as the server says it. */
export async function gather(handed: readonly Handed[], { service, client }: { service: LoadService; client: Client }): Promise<Ended[]> {
  const ended: Ended[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      while (next < handed.length) {
        const at = next++
        const { id, owner, group, flood, handIn } = handed[at]!
        const who = { id, owner, group, flood, kind: handIn.kind, expected: handIn.expected }
        ended.push({ ...who, ...(await readOne(id, at)) })
      }
    }),
  )
  return ended

  async function readOne(id: string, turn: number) {
    return await readEnd(client, id, service.readers[turn % service.readers.length]!)
  }
}

/** The regrades that were in the line from the beginning: when each was begun. */
export async function gatherRegrades({
  service,
  client,
}: {
  service: LoadService
  client: Client
}): Promise<{ startedAt: number | undefined }[]> {
  const regrades: { startedAt: number | undefined }[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const path = `/submissions?group=${REGRADED_GROUP}&limit=100${cursor && `&cursor=${cursor}`}`
    const page = (await client.ask('list', 'GET', path, service.readers[0]!)).body as { items: { id: string }[]; nextCursor: string | null }
    for (const { id } of page.items) {
      const { gradings } = await readEnd(client, id, service.readers[regrades.length % service.readers.length]!)
      regrades.push({ startedAt: gradings.find(each => each.reason === 'regrade')?.startedAt })
    }
    cursor = page.nextCursor
  }
  return regrades
}

async function readEnd(client: Client, id: string, token: string) {
  const submission = (await client.ask('read one', 'GET', `/submissions/${id}`, token)).body as Submission
  const { items } = (await client.ask('read one', 'GET', `/submissions/${id}/gradings`, token)).body as { items: Grading[] }
  const gradings = items.map(({ reason, outcome, counted, startedAt, finishedAt }) => ({
    reason,
    outcome,
    counted,
    startedAt: time(startedAt),
    finishedAt: time(finishedAt),
  }))
  const { state, outcome, createdAt } = submission
  return { state, outcome, createdAt: Date.parse(createdAt), startedAt: gradings[0]?.startedAt, gradings }
}

type Submission = { state: string; outcome: string | null; createdAt: string }
type Grading = { reason: string; outcome: string | null; counted: boolean; startedAt: string | null; finishedAt: string | null }

function time(text: string | null): number | undefined {
  return text === null ? undefined : Date.parse(text)
}
