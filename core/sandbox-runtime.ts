/**
 * What holds a box: `runc` shares the host's kernel behind its walls, `runsc` (gVisor) gives the box a kernel of its own.
 * The weakest first.
 */
export const SANDBOX_RUNTIMES = ['runc', 'runsc'] as const
export type SandboxRuntime = (typeof SANDBOX_RUNTIMES)[number]

/** The strongest of what is asked for: nobody can loosen what another asked for. */
export function strongest(...asked: readonly SandboxRuntime[]): SandboxRuntime {
  return asked.reduce((one, other) => (SANDBOX_RUNTIMES.indexOf(other) > SANDBOX_RUNTIMES.indexOf(one) ? other : one), SANDBOX_RUNTIMES[0])
}
