import type { AgentClient } from '../pod/agent-client.ts'
import type { Pod } from '../pod/pod.ts'
import type { Evidence } from './evidence.ts'

/** The agent answers at once, unless its box is beyond answering; then the engine's word has to do. */
const ANSWER_MS = 1_000

/**
 * A process that the kernel killed for memory may have left the program running: ask, whatever the tests said. The box's agent
 * reads the kernel's own count, the engine tells of what it has heard.
 */
export async function lookForMemory(pod: Pod, evidence: Evidence): Promise<void> {
  const parts = [pod.subject, pod.database].filter(part => part !== undefined)
  const killed = await Promise.all(
    parts.map(async ({ box, agent }) => (await box.outOfMemory()) || (!agent.isAsked && (await inTime(countsKills(agent))))),
  )
  if (!killed.includes(true)) return
  evidence.findings.push({
    outcome: 'memory_limit',
    code: 'OUT_OF_MEMORY',
    message: 'The kernel stopped a process because its box was out of memory.',
  })
}

async function countsKills(agent: AgentClient): Promise<boolean> {
  const state = await agent.check()
  return state !== 'box gone' && state.oomKills > 0
}

async function inTime(answer: Promise<boolean>): Promise<boolean> {
  const { promise: silent, resolve } = Promise.withResolvers<false>()
  const timer = setTimeout(() => resolve(false), ANSWER_MS)
  try {
    return await Promise.race([answer, silent])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * A test that runs out of memory had it from what the program answered: every exercise's tests run within the box on its own
 * samples, and nothing else differs between them and this grading. As when a test takes too long, it ends the grading.
 */
export function readTooMuch(evidence: Evidence): void {
  const { interrupted } = evidence
  if (interrupted === undefined) return
  evidence.results.set(interrupted, {
    id: interrupted,
    status: 'failed',
    durationMs: 0,
    message: 'The test ran out of memory on what the program had answered.',
  })
  evidence.findings.push({
    outcome: 'wrong_answer',
    code: 'TEST_OUT_OF_MEMORY',
    message: 'A test ran out of memory on what the program had answered; the tests after it did not run.',
  })
}
