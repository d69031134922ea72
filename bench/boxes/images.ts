import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildImage } from '../../worker/sandbox/docker/build-image.ts'
import type { OwnEngine } from './own-engine.ts'

export type Images = { plain: string; flat: string; 'many layers': string }

const MANY = 40

/** The base image as it is, as a single layer, and with many small layers on top. */
export async function makeImages(own: OwnEngine, plain: string): Promise<Images> {
  return { plain, flat: await flatten(own, plain, 'bench-flat:1'), 'many layers': await addLayers(own, plain) }
}

async function flatten({ engine }: OwnEngine, from: string, to: string): Promise<string> {
  const { Config } = await engine.docker.getImage(from).inspect()
  const container = await engine.docker.createContainer({ Image: from, Cmd: ['true'] })
  try {
    const changes = [
      ...Config.Env.map(each => `ENV ${each.replace('=', '="')}"`),
      `WORKDIR ${Config.WorkingDir}`,
      `USER ${Config.User}`,
      `ENTRYPOINT ${JSON.stringify(Config.Entrypoint)}`,
      `CMD ${JSON.stringify(Config.Cmd)}`,
    ]
    const [repo, tag] = to.split(':')
    const importing = await engine.docker.importImage(await container.export(), { repo, tag, changes })
    for await (const _ of importing as AsyncIterable<Buffer>);
    return to
  } finally {
    await container.remove()
  }
}

async function addLayers({ engine }: OwnEngine, from: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-layers-'))
  try {
    const copies = Array.from({ length: MANY }, (_, at) => `COPY Dockerfile /layers/${at}`)
    writeFileSync(join(folder, 'Dockerfile'), ['ARG FROM', 'FROM ${FROM}', ...copies].join('\n'))
    const ref = 'bench-layers:1'
    await buildImage(engine, { ref, from, files: new Map([['Dockerfile', join(folder, 'Dockerfile')]]), log: () => {} })
    return ref
  } finally {
    rmSync(folder, { recursive: true })
  }
}
