import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { reportSchema, type Report } from '../core/report.ts'
import type { GradingEvent } from '../core/worker-api.ts'
import { Refused, Superseded, type ServerClient } from './server-client.ts'

const itemSchema = z.strictObject({ gradingId: z.string(), token: z.number(), report: reportSchema })
type Item = z.infer<typeof itemSchema>

/**
 * Reports on their way to the server. Each that it did not take at once is a file until it has, or says that its token is
 * superseded, so a server that is away, or a worker that is killed, loses no verdict.
 */
export class ReportOutbox {
  readonly #folder: string
  readonly #server: ServerClient

  constructor(folder: string, server: ServerClient) {
    this.#folder = folder
    this.#server = server
  }

  /**
   * Tries to deliver the report, with the events that came last, and keeps it meanwhile; `false` when it stays for later. When
   * this resolves either the server or the folder has it.
   */
  async deliver(gradingId: string, token: number, report: Report, events: readonly GradingEvent[] = []): Promise<boolean> {
    const file = join(this.#folder, `${gradingId}.${token}.json`)
    const item = { gradingId, token, report }
    const [kept, over] = await Promise.allSettled([this.#keep(file, item), this.#isOver(item, events)])
    const isOver = over.status === 'fulfilled' && over.value
    if (kept.status === 'rejected' && !isOver) throw kept.reason
    if (kept.status === 'fulfilled' && isOver) await rm(file, { force: true })
    return isOver
  }

  /** Tries everything that is still here. */
  async deliverAll(): Promise<void> {
    for (const name of await this.#names()) await this.#sendKept(join(this.#folder, name))
  }

  /** Gradings whose reports are still here: this worker holds them as much as those under way. */
  async undelivered(): Promise<{ id: string; token: number }[]> {
    return (await this.#names()).map(name => {
      const [id = '', token] = name.split('.')
      return { id, token: Number(token) }
    })
  }

  async #names(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => [])
    return names.filter(name => name.endsWith('.json'))
  }

  async #keep(file: string, item: Item): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    await writeFile(`${file}.part`, JSON.stringify(item))
    await rename(`${file}.part`, file)
  }

  async #sendKept(file: string): Promise<void> {
    const item = itemSchema.safeParse(await readJson(file))
    if (!item.success || (await this.#isOver(item.data))) await rm(file, { force: true })
  }

  /** Sends it; whether there is nothing left to do for it. */
  async #isOver(item: Item, events?: readonly GradingEvent[]): Promise<boolean> {
    const outcome = await this.#report(item, events)
    // What the server refuses for good is our fault, and it must hear of that or the submission would never end.
    if (outcome === 'refused') await this.#report({ ...item, report: refusedReport(item.report) })
    return outcome !== 'later'
  }

  async #report({ gradingId, token, report }: Item, events?: readonly GradingEvent[]): Promise<'over' | 'refused' | 'later'> {
    try {
      await this.#server.report(gradingId, token, report, events)
      return 'over'
    } catch (error) {
      if (error instanceof Superseded) return 'over'
      return error instanceof Refused ? 'refused' : 'later'
    }
  }
}

/** In a refused report's place: the same grading as a grader fault, with nothing that can have been refused. */
function refusedReport(report: Report): Report {
  const { reportVersion, exercise, kind, runtime, sandboxRuntime, mode, seed, score, timings, images } = report
  return {
    reportVersion,
    exercise,
    kind,
    runtime,
    sandboxRuntime,
    mode,
    seed,
    timings,
    images,
    outcome: 'grader_error',
    fault: 'grader',
    reason: {
      code: 'REPORT_REFUSED',
      message: "The server refused this grading's report; worker and server may be of different versions.",
    },
    score: { ...score, earned: 0 },
    tasks: [],
    tests: [],
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}
