import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { reportSchema, type Report } from '../core/report.ts'
import { Superseded, type ServerClient } from './server-client.ts'

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
    try {
      if (item.success) await this.#server.report(item.data.gradingId, item.data.token, item.data.report)
    } catch (error) {
      if (!(error instanceof Superseded)) return false
    }
    await rm(file, { force: true })
    return true
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}
