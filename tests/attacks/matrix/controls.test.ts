import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { hostConfig } from '../../../worker/sandbox/docker/host-config.ts'
import { CONTROLS } from './controls.ts'

const root = resolve(import.meta.dirname, '../../..')

test.each(CONTROLS.map(control => [`${control.group}: ${control.name}`, control] as const))(
  '%s stands in the source where the matrix takes it away',
  (_, control) => {
    for (const { file, from, to } of control.takeAway) {
      expect(readFileSync(join(root, file), 'utf8').split(from).length - 1, `${file}: ${from}`).toBe(1)
      expect(to).not.toBe(from)
    }
    expect(control.shownBy.length).toBeGreaterThan(0)
  },
)

/** Fields that hold nobody back: whose box it is, and how we come by its news. */
const NO_CONTROLS = ['Runtime', 'AutoRemove', 'Image', 'Labels', 'WorkingDir', 'HostConfig', 'OpenStdin', 'StdinOnce', 'Tty']

test("every field of a box's profile is a control of the matrix", () => {
  const spec = { role: 'subject', image: 'node', runtime: 'runc', memoryBytes: 2 ** 28, processors: 1, grading: 'g' } as const
  const { HostConfig, ...options } = hostConfig(spec, { imageRef: 'assay-node:x', architecture: 'amd64', labels: {} })
  const { Ulimits, SecurityOpt, Tmpfs, Sysctls, ...fields } = HostConfig
  const parts = [
    ...Ulimits!.map(({ Name }) => `'${Name}'`),
    ...(SecurityOpt as string[]).map(option => option.split('=')[0]!),
    // Of a mount its limits; who owns it and with which rights is no wall within a box.
    ...String(Tmpfs!['/work'])
      .split(',')
      .map(option => option.split('=')[0]!)
      .filter(name => !['rw', 'mode', 'uid', 'gid'].includes(name)),
    ...Object.keys(Sysctls!),
  ]
  const names = [...Object.keys(options), ...Object.keys(fields), ...parts]
  const taken = CONTROLS.flatMap(({ takeAway }) => takeAway.map(({ from }) => from)).join('\n')
  expect(names.filter(name => !NO_CONTROLS.includes(name) && !name.startsWith('Attach') && !taken.includes(name))).toEqual([])
})
