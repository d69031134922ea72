import type { AgentClient } from './agent-client.ts'

/**
 * Makes database "app" anew; returns what went wrong, if anything. A session can be where no signal reaches it, and sessions
 * that never log in can hold every place: a server that was killed and started again has neither.
 */
export async function resetDatabase(agent: AgentClient): Promise<string | undefined> {
  const failed = await agent.reset()
  if (failed === undefined) return undefined
  await agent.stop()
  const restarted = await agent.start({})
  return restarted?.listening ? agent.reset() : `PostgreSQL did not start again after this: ${failed}`
}
