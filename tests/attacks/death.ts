import type Docker from 'dockerode'

/**
 * When the last of these containers died, in milliseconds since 1970 by the engine: all its processes are dead then, since
 * they share the first one's pid namespace. Throws when one has not.
 */
export async function diedAt(docker: Docker, boxes: ReadonlySet<string>, since: number): Promise<number> {
  const news = await docker.getEvents({
    // dockerode's types know no fractions of a second.
    since: (since / 1000).toFixed(3) as unknown as number,
    until: (Date.now() / 1000).toFixed(3) as unknown as number,
    filters: JSON.stringify({ event: ['die'], container: [...boxes] }),
  })
  let text = ''
  for await (const chunk of news as AsyncIterable<Buffer>) text += chunk.toString()
  const deaths = text
    .trim()
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as { id: string; timeNano: number })
  const alive = [...boxes].filter(id => !deaths.some(death => death.id === id))
  if (alive.length > 0) throw new Error(`the engine tells of no death of ${alive.map(id => id.slice(0, 12)).join(', ')}`)
  return Math.max(...deaths.map(({ timeNano }) => timeNano / 1e6))
}
