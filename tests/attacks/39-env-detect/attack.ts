import assert from 'node:assert/strict'
import type { Platform } from '../platform.ts'

/** Of each mode several: what differs within a mode too is chance, what differs only between them is a tell. */
const TIMES = 3

const looker = `
  import { execFileSync } from 'node:child_process'
  import { lstatSync, readdirSync, readFileSync, readlinkSync, statfsSync } from 'node:fs'
  import { createServer } from 'node:http'
  import os from 'node:os'

  const facts = {}
  const note = (name, look) => {
    try {
      facts[name] = look()
    } catch (error) {
      facts[name] = error.code ?? error.message
    }
  }
  for (const [name, value] of Object.entries(process.env)) facts['env ' + name] = value
  facts['env names'] = Object.keys(process.env)
  for (const name of ['argv', 'execArgv', 'execPath', 'ppid', 'version', 'title', 'umask']) note(name, () => (name === 'umask' ? process.umask() : process[name]))
  note('cwd', () => process.cwd())
  note('ids', () => [process.getuid(), process.getgid(), process.getgroups()])
  for (const name of ['hostname', 'release', 'version', 'arch', 'totalmem', 'availableParallelism', 'networkInterfaces', 'userInfo', 'tmpdir']) note('os ' + name, () => os[name]())
  for (const file of ['mounts', 'limits', 'cgroup', 'status', 'cmdline', 'mountinfo', 'oom_score_adj', 'attr/current', 'loginuid', 'sessionid', 'uid_map'])
    note('self ' + file, () => readFileSync('/proc/self/' + file, 'utf8'))
  for (const file of ['net/dev', 'net/tcp', 'net/unix', 'cmdline', 'filesystems', 'modules', 'sys/kernel/hostname', 'sys/net/ipv4/ip_local_port_range'])
    note('proc ' + file, () => readFileSync('/proc/' + file, 'utf8'))
  for (const file of ['memory.max', 'memory.swap.max', 'pids.max', 'cpu.max', 'memory/memory.limit_in_bytes', 'pids/pids.max', 'cpu/cpu.cfs_quota_us'])
    note('cgroup ' + file, () => readFileSync('/sys/fs/cgroup/' + file, 'utf8'))
  for (const place of ['/work', '/tmp', '/dev/shm', '/']) note('statfs ' + place, () => { const { type, bsize, blocks, files } = statfsSync(place); return { type, bsize, blocks, files } })
  for (const place of ['/', '/work', '/tmp', '/dev', '/dev/shm', '/run', '/opt', '/opt/assay', '/home', '/var/tmp', '/etc'])
    note('list ' + place, () => readdirSync(place).sort().map(name => { const { mode, uid, gid } = lstatSync(place + '/' + name); return [name, mode, uid, gid] }))
  note('processes', () => readdirSync('/proc').filter(name => /^\\d+$/.test(name)).map(pid => readFileSync('/proc/' + pid + '/cmdline', 'utf8')))
  note('first process', () => readFileSync('/proc/1/environ', 'utf8'))
  note('descriptors', () => readdirSync('/proc/self/fd').map(fd => { try { return [fd, readlinkSync('/proc/self/fd/' + fd).replace(/\\d+/g, 'N')] } catch { return [fd] } }))
  note('a child', () => execFileSync('/bin/sh', ['-c', 'ulimit -a; id; umask; pwd'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }))
  console.log('facts ' + JSON.stringify(facts))

  createServer((request, response) => response.end('Hello, Ada!')).listen(process.env.PORT)`

type Facts = Record<string, unknown>

export default async function envDetect(platform: Platform): Promise<string> {
  const learner = await platform.person()
  const look = async (mode: 'run' | 'submit'): Promise<Facts> => {
    const files = { 'server.js': looker, 'package.json': '{ "type": "module" }' }
    // What a learner sees: both times the part before any hidden test.
    const { report } = await platform.gradeToEnd(learner, { exercise: 'greeting', files, mode })
    const found = /^facts (\{.*\})$/m.exec((report['output'] as { open: string }).open)
    assert.ok(found, `the program printed nothing with ${mode}`)
    return JSON.parse(found[1]!) as Facts
  }
  const several = (mode: 'run' | 'submit') => Promise.all(Array.from({ length: TIMES }, () => look(mode)))
  const [run, submit] = await Promise.all([several('run'), several('submit')])
  const seen = { run, submit }

  const names = [...new Set([...seen.run, ...seen.submit].flatMap(facts => Object.keys(facts)))]
  const values = (facts: readonly Facts[], name: string) => new Set(facts.map(each => JSON.stringify(each[name])))
  const tells = names.filter(name => values(seen.run, name).isDisjointFrom(values(seen.submit, name)) && values(seen.run, name).size === 1)
  const chance = names.filter(name => values([...seen.run, ...seen.submit], name).size > 1)
  assert.ok(names.length > 60, `it saw only ${names.length} facts`)
  assert.deepEqual(
    tells.map(name => [name, ...values(seen.run, name), ...values(seen.submit, name)]),
    [],
    'these tell run from submit',
  )
  return `${names.length} facts of ${2 * TIMES} boxes: none is one thing with run and another with submit; ${chance.length} differ by chance (${chance.join(', ')})`
}
