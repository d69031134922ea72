import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { GraderError } from '../../../core/errors.ts'
import { FIXED } from '../../../core/limits.ts'
import type { BoxSpec, SandboxRuntime } from '../sandbox.ts'
import { connectEngine } from './engine.ts'
import { BOX_USER, LAST_BOX_USER } from './box-users.ts'
import { probeOutside } from './probe-outside.ts'
import { runInBox } from './run-in-box.ts'

export type ProbeFinding = { check: string; state: 'ok' | 'warn' | 'fail'; found: string; wanted: string; whatToDo?: string }

const MiB = 1024 * 1024
/** Odd sizes, so that nobody else's limit passes for ours. */
const PROBE: Omit<BoxSpec, 'runtime'> = {
  role: 'subject',
  image: 'node',
  memoryBytes: 192 * MiB,
  processors: 0.75,
  grading: 'doctor',
}
const SCRATCH = 48 * MiB

const insideSchema = z.object({
  uid: z.string().optional(),
  noNewPrivileges: z.string().optional(),
  seccomp: z.string().optional(),
  capabilities: z.string().optional(),
  bounding: z.string().optional(),
  rootWrite: z.string(),
  memory: z.string().optional(),
  swap: z.string().optional(),
  memoryAndSwap: z.string().optional(),
  pids: z.string().optional(),
  cpu: z.object({ quota: z.string().optional(), period: z.string().optional() }),
  interfaces: z.array(z.string()),
  work: z.number(),
  tmp: z.number(),
  init: z.string().optional(),
  devices: z.array(z.string()),
})
type Inside = z.infer<typeof insideSchema>

/** Runs boxes of the real profile and says which of their walls stand, seen from inside and, under gVisor, from outside. Throws GraderError when it can't be run. */
export async function probe({
  dockerHost,
  runtime = 'runc',
}: {
  dockerHost?: string | undefined
  runtime?: SandboxRuntime
}): Promise<ProbeFinding[]> {
  const engine = connectEngine({ dockerHost })
  const script = await readFile(join(import.meta.dirname, 'probe-inside.mjs'), 'utf8')
  const ran = await runInBox(engine, { ...PROBE, runtime }, ['node', '--input-type=module', '--eval', script])
  if (ran.exitCode !== 0) {
    throw new GraderError('PROBE_FAILED', `A probe box ended with code ${ran.exitCode}: ${ran.stderr.trim() || ran.stdout.trim()}`)
  }
  const inside = judgeInside(insideSchema.parse(JSON.parse(ran.stdout)), runtime)
  if (runtime === 'runc') return inside
  const outside = await probeOutside(engine, { ...PROBE, runtime })
  const seen = inside.map(finding => outside.find(({ check }) => check === finding.check) ?? finding)
  return [...seen, ...outside.filter(({ check }) => !inside.some(finding => finding.check === check))]
}

/** Exported for its table of tests: what a probe found → findings. */
export function judgeInside(inside: Inside, runtime: SandboxRuntime): ProbeFinding[] {
  const profile = 'the engine ignores part of the box profile; use a current Docker Engine on a Linux host'
  const cgroup = "the kernel's control groups lack this controller; enable it (see docs/operators) or use a current kernel"
  const wall = (check: string, found = 'nothing', wanted: string, whatToDo: string, holds = found === wanted): ProbeFinding =>
    holds ? { check, state: 'ok', found, wanted } : { check, state: 'fail', found, wanted, whatToDo }
  // gVisor shows its boxes a kernel of its own: what the host's kernel holds them to is not to be seen from inside.
  const hostWall: typeof wall = (...given) => {
    const finding = wall(...given)
    if (finding.state === 'ok' || runtime === 'runc') return finding
    return { ...finding, state: 'warn', whatToDo: 'gVisor hides this from its boxes, and it could not be seen from outside' }
  }
  const { cpu } = inside
  const user = Number(inside.uid?.split('\t')[0])
  const processors = cpu.quota && cpu.period ? String(Number(cpu.quota) / Number(cpu.period)) : undefined
  const memory = String(PROBE.memoryBytes)
  const noSwap = inside.swap === undefined ? inside.memoryAndSwap : inside.swap === '0' ? memory : `${memory} and swap of ${inside.swap}`
  return [
    wall('box user', String(user), `${BOX_USER + 1} to ${LAST_BOX_USER}`, profile, user > BOX_USER && user <= LAST_BOX_USER),
    hostWall('no new privileges', inside.noNewPrivileges, '1', profile),
    wall(
      'system call filter',
      inside.seccomp,
      '2',
      runtime === 'runc'
        ? 'the kernel or engine was built without seccomp; use one that has it'
        : 'runsc must be named to the engine with --oci-seccomp; "npx assay engine gvisor" does so',
    ),
    wall('capabilities', inside.capabilities, '0000000000000000', profile),
    wall('read-only root', inside.rootWrite, 'EROFS', profile),
    hostWall('memory limit', inside.memory, memory, cgroup),
    hostWall('memory and swap', noSwap, memory, 'turn on swap accounting (kernel parameter swapaccount=1) or turn off swap'),
    hostWall('process limit', inside.pids, String(FIXED.pids), cgroup),
    hostWall('processor limit', processors, String(PROBE.processors), cgroup),
    wall(
      'network interfaces',
      inside.interfaces.join(', '),
      'lo',
      profile,
      inside.interfaces.every(name => name === 'lo' || isTunnelStub(name)),
    ),
    wall('size of /work', String(inside.work), String(SCRATCH), profile),
    wall('size of /tmp', String(inside.tmp), String(SCRATCH), profile),
    wall('init', inside.init, 'tini', 'build the sandbox images anew (npm run images)'),
  ]
}

/** Kernels with tunnel modules put these, down and without an address, into every network namespace. */
const isTunnelStub = (name: string) => /^(?:tunl|gre|gretap|erspan|ip_vti|ip6_vti|sit|ip6tnl|ip6gre)\d+$/.test(name)
