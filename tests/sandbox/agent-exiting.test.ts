import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { isExiting } from '../../sandbox-images/agent/exiting.ts'

test('a process that runs is not on its way out; one that is dead and unburied is, and one that is gone', async () => {
  // The name is one that reads as the end of a name.
  const script = '$0 = "a) Z 1 "; $| = 1; my $child = fork; exit unless $child; print "$child\\n"; <STDIN>'
  const parent = spawn('perl', ['-e', script])
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const child = Number(line)
  await expect.poll(() => isExiting(child)).toBe(true)
  expect(await isExiting(parent.pid!)).toBe(false)
  expect(await isExiting(process.pid)).toBe(false)
  parent.stdin.end()
  await once(parent, 'exit')
  expect(await isExiting(parent.pid!)).toBe(true)
})
