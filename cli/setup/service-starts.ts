import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/*
 * Debian's packages start the services they bring unless /usr/sbin/policy-rc.d says 101 (invoke-rc.d(8)).
 * We start ours ourselves, so for the time of an installation we put such a file there, and put back what was there.
 * The file denies only as long as this process runs: were we killed in between, it allows again by itself, and the
 * next installation puts things right.
 */
const POLICY = '/usr/sbin/policy-rc.d'
const SAVED = `${POLICY}.before-assay`
const MARK = '# placed by assay for the time of an installation'

/** Denies service starts until disposed. */
export function denyServiceStarts(policy = POLICY, saved = SAVED): Disposable {
  putBack(policy, saved)
  if (existsSync(policy)) renameSync(policy, saved)
  writeFileSync(policy, script(process.pid, saved), { mode: 0o755 })
  return { [Symbol.dispose]: () => putBack(policy, saved) }
}

function putBack(policy: string, saved: string): void {
  if (existsSync(policy) && readFileSync(policy, 'utf8').includes(MARK)) rmSync(policy)
  if (existsSync(saved) && !existsSync(policy)) renameSync(saved, policy)
}

function script(pid: number, saved: string): string {
  return `#!/bin/sh
${MARK}
kill -0 ${pid} 2>/dev/null && exit 101
[ -x ${saved} ] && exec ${saved} "$@"
exit 0
`
}
