import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { connectEngine } from '../../worker/sandbox/docker/engine.ts'

test('what dockerode writes out at each call says nothing of the connections that are open', () => {
  const { agent } = connectEngine().docker.modem as unknown as { agent: object }
  expect(inspect({ agent }, { showHidden: true, depth: null })).toBe('{ agent: Agent }')
})
