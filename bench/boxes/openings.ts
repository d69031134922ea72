import { randomBytes } from 'node:crypto'
import { attach, createContainer, removeContainer, startContainer } from '../../worker/sandbox/docker/box-container.ts'
import { answers, optionsOf, type LifeOptions } from './box-life.ts'

/** Milliseconds until a box is open while four others are removed, so many at once; 0: while nothing else happens. */
export async function openingBeside(options: LifeOptions, atOnce: number): Promise<number> {
  const { engine } = options.own
  const old = await Promise.all(Array.from({ length: atOnce === 0 ? 0 : 4 }, () => openBox(options)))
  let made: string | undefined
  try {
    await options.own.settle()
    const began = performance.now()
    const removing = Array.from({ length: atOnce }, async () => {
      for (let id = old.pop(); id; id = old.pop()) await removeContainer(engine, id)
    })
    made = await openBox(options)
    const took = performance.now() - began
    await Promise.all(removing)
    return took
  } finally {
    for (const id of [...old, ...(made ? [made] : [])]) await removeContainer(engine, id)
  }
}

async function openBox(options: LifeOptions): Promise<string> {
  const { engine } = options.own
  const container = await createContainer(engine, `assay-bench-${randomBytes(6).toString('hex')}`, optionsOf(options))
  const socket = await attach(engine, container)
  await startContainer(engine, container)
  await answers(socket)
  return container.id
}
