import { beforeAll, describe, expect, test } from 'vitest'
import { openDockerSandbox } from '../../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../../worker/sandbox/docker/images.ts'
import { DIFFERENCES } from './differences.ts'
import { FACTS } from './facts.ts'
import { runBoth, type Program } from './run-both.ts'

/*
 * A program finds the same, whether it was started for its files or waited for them. What it may find otherwise is named.
 */
beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

const sandbox = openDockerSandbox()
const { runtimes } = await sandbox.facts()

const ENTRIES: Record<string, Program> = {
  'a CommonJS entry': { files: { 'server.js': `globalThis.entryModule = module; ${FACTS}` } },
  'a module that the entry requires': {
    files: { 'server.js': "globalThis.entryModule = module; require('./facts.cjs')", 'facts.cjs': FACTS },
  },
  'an ES entry': { files: { 'package.json': '{"type":"module"}', 'server.js': "import './facts.cjs'", 'facts.cjs': FACTS } },
  'a program that has loaded Express': { files: { 'server.js': `require('express')\n${FACTS}` } },
  'a program that has imported Express and pg': {
    files: { 'server.mjs': "import 'express'; import pg from 'pg'; import './facts.cjs'", 'facts.cjs': FACTS },
    entry: 'server.mjs',
  },
}

describe.each(['runc', 'runsc'] as const)('on %s', runtime => {
  test.skipIf(!runtimes.includes(runtime)).each(Object.entries(ENTRIES))('%s', async (_, program) => {
    const { plain, warm } = await runBoth(sandbox, runtime, program)
    const facts = { plain: factsIn(plain.out), warm: factsIn(warm.out) }
    expect(Object.keys(facts.plain).length).toBeGreaterThan(60)
    expect(withoutDifferences(facts.warm)).toEqual(withoutDifferences(facts.plain))
    expect({ ...warm, out: '' }).toEqual({ ...plain, out: '' })
    // A difference that is none has no place in the list.
    expect(facts.warm['its age']).not.toEqual(facts.plain['its age'])
    expect(facts.warm['command line']).not.toEqual(facts.plain['command line'])
  })
})

function factsIn(out: string): Record<string, unknown> {
  const lines = out.split('\n').filter(line => line !== '')
  return Object.fromEntries(lines.map(line => (line.startsWith('FACT ') ? JSON.parse(line.slice(5)) : [line, 'printed'])))
}

function withoutDifferences(facts: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !DIFFERENCES.some(({ fact }) => fact.test(name))))
}
