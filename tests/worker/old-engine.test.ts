import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { admitEngine } from '../../worker/sandbox/docker/admit-engine.ts'
import { TestProcess } from '../support/process.ts'
import { toldEngine, type Told } from '../support/told-engine.ts'

const WORKER = resolve(import.meta.dirname, '../../worker/main.ts')
/** What Debian 12 brings. */
const OLD: Told = { engine: '20.10.24+dfsg1', runc: '1.1.5+ds1', runcPackage: '1.1.5+ds1-1+deb12u1', containerd: '1.6.20~ds1' }

let data: string
beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'assay-old-engine-'))))
afterEach(() => rmSync(data, { recursive: true, force: true }))

function startWorker(dockerHost: string, settings: Record<string, string> = {}): TestProcess {
  return new TestProcess(WORKER, {
    DOCKER_HOST: dockerHost,
    ASSAY_DATA: data,
    ASSAY_WORKER_TOKEN: 'a-worker-token-of-this-test-alone',
    REDIS_URL: `redis+unix://${data}/none.sock`,
    ASSAY_URL: 'http://127.0.0.1:9',
    ...settings,
  })
}

describe('a worker', () => {
  test('does not start on an engine below the floors, and says why and what to do', async () => {
    await using worker = startWorker(await toldEngine(OLD))
    expect(await worker.ended).toBe(1)
    const words = worker.lines.join('\n')
    expect(words).toContain('runc 1.1.5+ds1-1+deb12u1 has CVE-2025-31133')
    expect(words).toContain('ASSAY_ACCEPT_OLD_ENGINE=1')
    expect(words).not.toContain('takes gradings')
  })

  test('starts on it where that is accepted, and says so', async () => {
    await using worker = startWorker(await toldEngine(OLD), { ASSAY_ACCEPT_OLD_ENGINE: '1' })
    expect(await worker.printed(/accepted by ASSAY_ACCEPT_OLD_ENGINE/)).toContain('CVE-2025-31133')
    await worker.printed(/takes gradings/)
  })

  test('starts on a current one without a word', async () => {
    await using worker = startWorker(await toldEngine())
    await worker.printed(/takes gradings/)
    expect(worker.lines.filter(line => line.includes('ENGINE'))).toEqual([])
  })

  test('for gVisor does not start on an engine without it, and says how to get it', async () => {
    await using worker = startWorker(await toldEngine(), { ASSAY_RUNTIME: 'runsc' })
    expect(await worker.ended).toBe(1)
    expect(worker.lines.join('\n')).toMatch(/ASSAY_RUNTIME is runsc.*npx assay engine gvisor/)
  })
})

describe('an engine', () => {
  test.each<[string, Told, boolean, string | undefined]>([
    ['with everything closed', {}, false, undefined],
    ['with holes of no use to a box', { engine: '28.5.2', containerd: '1.7.0' }, false, undefined],
    ['whose distribution closed them under an old number', { engine: '20.10.24', runc: '1.3.3' }, false, undefined],
    ['with a way out', OLD, false, 'ENGINE_OLD'],
    ['with a way out that is accepted', OLD, true, undefined],
    ['that lacks what boxes need, accepted or not', { engine: '19.3.15' }, true, 'ENGINE_TOO_OLD'],
  ])('%s', async (_, told, acceptOld, code) => {
    const admission = admitEngine({ dockerHost: await toldEngine(told), runtime: 'runc', acceptOld })
    if (code) await expect(admission).rejects.toMatchObject({ code })
    else expect((await admission).length > 0).toBe(told === OLD)
  })
})
