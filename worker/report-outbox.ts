import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { reportSchema, type Report } from '../core/report.ts'
import { Refused, Superseded, type ServerClient } from './server-client.ts'

const itemSchema = z.strictObject({ gradingId: z.string(), token: z.number(), report: reportSchema })

/**
 * Reports on their way to the server. Each is a file until the server has taken it or says that its token is superseded,
 * so a server that is away, or a worker that is killed, loses no verdict.
 */
export class ReportOutbox {
  readonly #folder: string
  readonly #server: ServerClient

  constructor(folder: string, server: ServerClient) {
    this.#folder = folder
    this.#server = server
  }

  /** Keeps the report, then tries to deliver it; `false` when it stays for later. */
  async deliver(gradingId: string, token: number, report: Report): Promise<boolean> {
    await mkdir(this.#folder, { recursive: true })
    const file = join(this.#folder, `${gradingId}.${token}.json`)
    await writeFile(`${file}.part`, JSON.stringify({ gradingId, token, report }))
    await rename(`${file}.part`, file)
    return this.#send(file)
  }

  /** Tries everything that is still here. */
  async deliverAll(): Promise<void> {
    for (const name of await this.#names()) await this.#send(join(this.#folder, name))
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

  async #send(file: string): Promise<boolean> {
    const item = itemSchema.safeParse(await readJson(file))
    const outcome = item.success ? await this.#report(item.data) : 'over'
    if (outcome === 'later') return false
    // What the server refuses for good is our fault, and it must hear of that or the submission would never end.
    if (outcome === 'refused' && item.success) await this.#report({ ...item.data, report: refusedReport(item.data.report) })
    await rm(file, { force: true })
    return true
  }

  async #report({ gradingId, token, report }: z.infer<typeof itemSchema>): Promise<'over' | 'refused' | 'later'> {
    try {
      await this.#server.report(gradingId, token, report)
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
