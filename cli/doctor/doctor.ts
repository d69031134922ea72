import pc from 'picocolors'
import { GraderError } from '../../core/errors.ts'
import { probe } from '../../worker/sandbox/docker/doctor.ts'
import { CommandError, EXIT } from '../errors.ts'
import { readSetupConfig, type SetupConfig } from '../setup/config.ts'
import { checkDisk, checkEngine, checkPostgres, checkRedisServer, checkSettings, checkVersions } from './checks.ts'
import type { Finding } from './finding.ts'

/** `assay doctor`: every check, each with what to do. Ends with the grader's exit code when one failed. */
export async function examineHost({ json }: { json: boolean }): Promise<void> {
  const config = readSetupConfig()
  const { findings: engine, host, hasGVisor = false } = await checkEngine(config)
  const findings = [
    ...checkVersions(),
    ...engine,
    ...(host ? await probeBoxes(host, config, hasGVisor) : []),
    await checkRedisServer(config),
    ...checkDisk(config),
    ...checkSettings(config),
  ]
  process.stdout.write(json ? `${JSON.stringify({ findings }, null, 2)}\n` : `${findings.map(inWords).join('\n')}\n`)
  const failed = findings.filter(finding => finding.state === 'fail').length
  if (failed > 0) throw new CommandError(EXIT.graderFault, `${failed} of ${findings.length} checks failed`)
}

/** Limits are believed only when a probe container shows that they hold. */
async function probeBoxes(host: string, { runtime }: SetupConfig, hasGVisor: boolean): Promise<Finding[]> {
  try {
    const findings = [await checkPostgres(host), ...(await probe({ dockerHost: host, runtime }))]
    // An exercise may ask for it though the worker's setting doesn't.
    if (hasGVisor && runtime === 'runc') findings.push(...inShort(await probe({ dockerHost: host, runtime: 'runsc' })))
    return findings
  } catch (error) {
    if (!(error instanceof GraderError)) throw error
    const whatToDo = ADVICE[error.code] ?? 'see the message'
    return [{ check: 'limits in a probe box', state: 'fail', found: error.message, wanted: 'a probe that ran', whatToDo }]
  }
}

/** One line where all is well, else what is not. */
function inShort(findings: readonly Finding[]): Finding[] {
  const amiss = findings.filter(({ state }) => state !== 'ok')
  if (amiss.length > 0) return amiss.map(finding => ({ ...finding, check: `${finding.check}, in gVisor` }))
  return [{ check: 'boxes in gVisor', state: 'ok', found: `all ${findings.length} walls stand`, wanted: 'every wall' }]
}

const ADVICE: Record<string, string> = {
  IMAGE_MISSING: 'run "npm run images"',
  ENGINE_REFUSED: 'a runtime that the engine does not know? "npx assay engine gvisor" brings runsc to it',
}

const colours = pc.createColors(process.stdout.isTTY && pc.isColorSupported)
const SIGNS = { ok: colours.green('✓'), warn: colours.yellow('!'), fail: colours.red('✗') }

function inWords({ check, state, found, wanted, whatToDo }: Finding): string {
  if (state === 'ok') return `${SIGNS.ok} ${check}: ${found}`
  return `${SIGNS[state]} ${check}: ${found}; wanted ${wanted}\n    ${whatToDo ?? ''}`
}
