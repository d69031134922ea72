import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { howToLoad } from '../../cli/setup/apparmor.ts'
import { BOX_PROFILE, hasAppArmor, PROFILE_FILE, saysNotLoaded } from '../../worker/sandbox/docker/apparmor.ts'
import { hostConfig } from '../../worker/sandbox/docker/host-config.ts'
import { boxSpec } from './open-program.ts'

/*
 * The decisions about AppArmor, and the profile's syntax where a parser is installed. Whether boxes live well under it can
 * only be seen on a host that has AppArmor: there every other test runs under it.
 */
test.each([
  ['Debian 12 or Ubuntu with AppArmor', ['name=apparmor', 'name=seccomp,profile=builtin', 'name=cgroupns'], true],
  ['an engine without it', ['name=seccomp,profile=default'], false],
  ['one that names it elsewhere', ['name=seccomp,profile=/etc/apparmor.json', 'name=apparmor-not'], false],
  ['a rootless engine', ['name=seccomp,profile=builtin', 'name=rootless', 'name=cgroupns'], false],
  ['an engine that says nothing', null, false],
])('%s: %j', (_, options, has) => expect(hasAppArmor(options)).toBe(has))

test.each([
  [
    'runc',
    'OCI runtime create failed: runc create failed: unable to start container process: error during container init: unable to apply apparmor profile: apparmor failed to apply profile: write /proc/self/attr/apparmor/exec: no such file or directory: unknown',
    true,
  ],
  ['crun', 'OCI runtime create failed: write to `/proc/self/attr/apparmor/exec`: No such file or directory', true],
  ['another failure', 'OCI runtime create failed: unknown runtime', false],
])('a profile that is not loaded, as %s says it', (_, message, is) => expect(saysNotLoaded(message)).toBe(is))

const able = { enabled: true, local: true, root: true, parser: '/sbin/apparmor_parser' }
test.each([
  [able, 'load'],
  [{ ...able, enabled: false }, 'leave'],
  [{ ...able, local: false }, 'leave'],
  [{ ...able, parser: undefined }, { because: expect.stringContaining('not installed') }],
  [{ ...able, root: false }, { because: expect.stringContaining('only root') }],
])('%j: %j', (host, how) => expect(howToLoad(host)).toEqual(how))

test.each([
  [undefined, []],
  [BOX_PROFILE, ['apparmor=assay-box']],
])('a box is put under %s', (appArmor, options) => {
  const { SecurityOpt } = hostConfig(boxSpec(), { imageRef: 'assay-node:1', architecture: 'amd64', appArmor, labels: {} }).HostConfig
  expect(SecurityOpt!.filter((option: string) => option.startsWith('apparmor'))).toEqual(options)
})

test('the profile has the name that boxes ask for', () => {
  expect(readFileSync(PROFILE_FILE, 'utf8')).toMatch(new RegExp(`^profile ${BOX_PROFILE} `, 'm'))
})

const hasParser = spawnSync('apparmor_parser', ['--version']).status === 0
test.skipIf(!hasParser)('the profile is one that apparmor_parser takes (skipped where none is installed)', () => {
  execFileSync('apparmor_parser', ['--skip-kernel-load', '--skip-cache', PROFILE_FILE])
})
