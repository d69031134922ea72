import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { resolve } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Finding } from '../../cli/doctor/finding.ts'
import { admitForStart } from '../../cli/setup/admit-engine.ts'
import { toldEngine } from '../support/told-engine.ts'

const BOOT = resolve(import.meta.dirname, '../../cli/boot.mjs')
const OLD = { runc: '1.1.5+ds1', runcPackage: '1.1.5+ds1-1+deb12u1' }

async function doctor(settings: Record<string, string>): Promise<Finding[]> {
  const child = spawn(process.execPath, [BOOT, 'doctor', '--json'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return (JSON.parse(await text(child.stdout)) as { findings: Finding[] }).findings
}

describe('the doctor', () => {
  test('knows the floors of all that grading stands on, and says what to do wherever something is amiss', async () => {
    const findings = await doctor({ DOCKER_HOST: process.env['DOCKER_HOST'] ?? '' })
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['Node', 'undici', 'kernel', 'engine version', 'runc', 'containerd', 'PostgreSQL', 'gVisor']),
    )
    expect(findings.filter(({ state, whatToDo }) => state !== 'ok' && !whatToDo)).toEqual([])
  })

  test.each([
    ['runc', { DOCKER_HOST: OLD }, 'fail', /ASSAY_ACCEPT_OLD_ENGINE/],
    ['runc', { DOCKER_HOST: OLD, ASSAY_ACCEPT_OLD_ENGINE: '1' }, 'warn', /accepted/],
    ['gVisor', { DOCKER_HOST: {} }, 'warn', /npx assay engine gvisor/],
    ['gVisor', { DOCKER_HOST: {}, ASSAY_RUNTIME: 'runsc' }, 'fail', /npx assay engine gvisor/],
    ['gVisor', { DOCKER_HOST: { runtimes: ['runc', 'runsc'] } }, 'ok', undefined],
  ] as const)('says of %s with %o: %s', async (check, { DOCKER_HOST, ...settings }, state, whatToDo) => {
    const findings = await doctor({
      ...settings,
      DOCKER_HOST: await toldEngine({ ...DOCKER_HOST, runtimes: [...('runtimes' in DOCKER_HOST ? DOCKER_HOST.runtimes : ['runc'])] }),
    })
    const found = findings.find(finding => finding.check === check)
    expect(found).toMatchObject({ state, ...(whatToDo && { whatToDo: expect.stringMatching(whatToDo) }) })
  })
})

describe('a start on an engine with a way out of its boxes', () => {
  const admit = async (acceptOldEngine: boolean | undefined, said: string[] = []) =>
    admitForStart({ dockerHost: await toldEngine(OLD), config: { acceptOldEngine }, ourPackages: true, say: line => said.push(line) })

  test('is refused where nobody has accepted it and it is not of this machine’s packages', async () => {
    await expect(admit(undefined)).rejects.toMatchObject({ code: 'ENGINE_OLD' })
  })

  test('is refused where that was asked for', async () => {
    await expect(admit(false)).rejects.toMatchObject({ code: 'ENGINE_OLD', message: expect.stringContaining('CVE-2025-31133') })
  })

  test('goes on where it was accepted, and that is said', async () => {
    const said: string[] = []
    expect(await admit(true, said)).toBe('1')
    expect(said).toEqual([expect.stringMatching(/accepted by ASSAY_ACCEPT_OLD_ENGINE: runc 1\.1\.5\+ds1-1\+deb12u1 has CVE-2025-31133/)])
  })
})
