import { duplexPair } from 'node:stream'
import { describe, expect, test } from 'vitest'
import type { FromAgent, ToAgent } from '../../core/agent-protocol.ts'
import { jsonLine, jsonLines } from '../../core/lines.ts'
import { AgentClient, type ProgramExit } from '../../worker/pod/agent-client.ts'
import type { Box } from '../../worker/sandbox/sandbox.ts'

/** A client, and the box's end of its line: `asked` waits for the next question, `say` answers or tells. */
function clientAndAgent() {
  const [mine, theirs] = duplexPair()
  const box = { open: () => mine } as unknown as Box
  const client = new AgentClient(box, { command: ['node'], env: {}, port: 8080, peers: [] })
  const questions = jsonLines(theirs, { maxLine: 10_000, maxTotal: 100_000 })
  const exits: ProgramExit[] = []
  client.onExit(exit => exits.push(exit))
  const asked = async (): Promise<ToAgent['type']> => {
    const { value } = await questions.next()
    return (value as ToAgent).type
  }
  const say = (...messages: FromAgent[]) => theirs.write(messages.map(jsonLine).join(''))
  return { client, asked, say, exits }
}

const exited: FromAgent = { type: 'exited', code: 9, signal: null, oomKills: 0 }

describe('the worker’s end of a box agent', () => {
  test('hears of a program that ends by itself just as it is stopped, and starts it again all the same', async () => {
    const { client, asked, say, exits } = clientAndAgent()
    expect(await asked()).toBe('configure')
    const stopping = client.stop()
    expect(await asked()).toBe('stop')
    say(exited, { type: 'stopped', oomKills: 0 })
    await stopping
    const starting = client.start({})
    expect(await asked()).toBe('start')
    say({ type: 'listening', afterMs: 3 })
    expect(await starting).toEqual({ listening: true, afterMs: 3 })
    expect(exits).toMatchObject([{ code: 9 }])
  })

  test('knows an agent that can start nothing from a box that is gone', async () => {
    const { client, asked, say } = clientAndAgent()
    expect(await asked()).toBe('configure')
    const starting = client.start({})
    expect(await asked()).toBe('start')
    say({ type: 'failed', message: 'spawn EAGAIN' })
    expect(await starting).toEqual({ listening: false })
  })

  test('takes nothing for an answer that answers something else', async () => {
    const { client, asked, say } = clientAndAgent()
    expect(await asked()).toBe('configure')
    const starting = client.start({})
    expect(await asked()).toBe('start')
    say({ type: 'running', oomKills: 0 }, { type: 'listening', afterMs: 3 })
    expect(await starting).toMatchObject({ listening: true })
  })

  test('resolves with nothing once the agent talks nonsense', async () => {
    const { client, asked, say } = clientAndAgent()
    expect(await asked()).toBe('configure')
    const checking = client.check()
    say({ type: 'nonsense' } as never)
    expect(await checking).toBe('box gone')
  })
})
