import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compareDebian } from '../../worker/sandbox/docker/debian-version.ts'
import { judgeVersions } from '../../worker/sandbox/docker/judge-versions.ts'
import { isBelow, KNOWN_HOLES, openHoles, type Component, type Installed } from '../../worker/sandbox/docker/version-floors.ts'

test.each([
  ['1.1.5+ds1', '1.2.8', true],
  ['1.2.8', '1.2.8', false],
  ['1.10.0', '1.2.8', false],
  ['1.6.20~ds1-1+deb12u3', '1.7.29', true],
  ['2.0.0', '1.7.29', false],
  ['1.7', '1.7.29', true],
])('version %s is below %s: %s', (version, floor, below) => expect(isBelow(version, floor)).toBe(below))

const dpkg = spawnSync('dpkg', ['--version']).status === 0
const VERSIONS = [
  '20.10.24+dfsg1-1',
  '20.10.24+dfsg1-1+b6',
  '20.10.24+dfsg1-1+deb12u1',
  '20.10.24+dfsg1-1+deb12u1+b6',
  '1.1.5+ds1-1',
  '1.1.5+ds1-1+deb12u1',
  '1.1.15+ds1-2+b4',
  '1.6.20~ds1-1+deb12u2',
  '1.6.20~ds1-1+deb12u10',
  '1.6.20',
  '1:1.0-1',
  '0~~-1',
  '1.0~rc1-0ubuntu2~22.04.1',
]
const PAIRS = VERSIONS.flatMap(one => VERSIONS.map(other => [one, other] as const))

test.skipIf(!dpkg)(`packages are compared as dpkg does${dpkg ? '' : ' (skipped: no dpkg here)'}`, () => {
  const says = (one: string, relation: string, other: string) =>
    spawnSync('dpkg', ['--compare-versions', one, relation, other]).status === 0
  for (const [one, other] of PAIRS) {
    const sign = says(one, 'lt', other) ? -1 : says(one, 'gt', other) ? 1 : 0
    expect([one, other, Math.sign(compareDebian(one, other))]).toEqual([one, other, sign])
  }
})

describe('known holes', () => {
  test('stand in the operators’ page, with all versions that closed them', () => {
    const rows = readFileSync(join(import.meta.dirname, '../../docs/operators/engine.md'), 'utf8').split('\n')
    for (const { component, closes, since, packages } of KNOWN_HOLES) {
      const row = rows.find(each => each.startsWith(`| ${component} `) && each.includes(/^[\w-]+/.exec(closes)![0]))
      for (const version of [...since, ...packages]) expect(row).toContain(version)
    }
  })

  test.each<[Component, Installed, string[]]>([
    ['runc', { version: '1.1.11' }, ['CVE-2024-21626', 'CVE-2025-31133']],
    ['runc', { version: '1.1.5+ds1' }, ['CVE-2024-21626', 'CVE-2025-31133']],
    ['runc', { version: '1.1.5+ds1', package: '1.1.5+ds1-1' }, ['CVE-2024-21626', 'CVE-2025-31133']],
    ['runc', { version: '1.1.5+ds1', package: '1.1.5+ds1-1+deb12u1' }, ['CVE-2025-31133']],
    ['runc', { version: '1.1.15+ds1', package: '1.1.15+ds1-2+b4' }, ['CVE-2025-31133']],
    ['runc', { version: '1.2.7' }, ['CVE-2025-31133']],
    ['runc', { version: '1.2.8' }, []],
    ['runc', { version: '1.3.2' }, ['CVE-2025-31133']],
    ['runc', { version: '1.3.3' }, []],
    ['runc', { version: '1.10.0' }, []],
    ['containerd', { version: '1.6.20~ds1', package: '1.6.20~ds1-1+deb12u1' }, ['CVE-2024-25621']],
    ['containerd', { version: '1.6.20~ds1', package: '1.6.20~ds1-1+deb12u3' }, []],
    ['containerd', { version: '2.1.4' }, ['CVE-2024-25621']],
    ['containerd', { version: '2.3.5' }, []],
    ['engine', { version: '20.10.17' }, ['CVE-2022-36109', 'CVE-2026-41567']],
    ['engine', { version: '26.1.5+dfsg1', package: '26.1.5+dfsg1-9+deb13u1' }, []],
    ['engine', { version: '28.5.2' }, ['CVE-2026-41567']],
    ['engine', { version: '29.5.1' }, []],
  ])('of %s %o: %s', (component, installed, holes) => {
    expect(openHoles(component, installed).map(({ closes }) => /^[\w-]+/.exec(closes)?.[0])).toEqual(holes)
  })

  test.each([
    ['1.1.5+ds1', false, 'fail', /only when ASSAY_ACCEPT_OLD_ENGINE=1/],
    ['1.1.5+ds1', true, 'warn', /accepted by ASSAY_ACCEPT_OLD_ENGINE=1/],
    ['0.9.0', true, 'fail', /install a newer runc/],
  ] as const)('the doctor on runc %s, accepted %s: %s', (version, acceptOld, state, whatToDo) => {
    expect(judgeVersions({ runc: { version } }, acceptOld)).toEqual([
      expect.objectContaining({ check: 'runc', state, whatToDo: expect.stringMatching(whatToDo) }),
    ])
  })
})
