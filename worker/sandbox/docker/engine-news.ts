import type { Readable } from 'node:stream'
import { jsonLines } from '../../../core/lines.ts'

export type EngineNews = { stream?: string; status?: string; error?: string }

/**
 * Follows a long task of the engine (a build, a pull, an import) to its end. Its answer began with "200 OK" long before,
 * so a failure comes as one of the news: thrown here.
 */
export async function followNews(stream: NodeJS.ReadableStream, hear: (news: EngineNews) => void = () => {}): Promise<void> {
  for await (const line of jsonLines(stream as Readable, { maxLine: 2 ** 20, maxTotal: 2 ** 28 })) {
    const news = line as EngineNews
    hear(news)
    if (news.error) throw new Error(news.error)
  }
}
