import { cp, mkdir, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { withoutTypes } from '../../worker/pod/without-types.ts'
import { bundleExaminer } from '../../worker/sandbox/docker/bundle-examiner.ts'
import type { Layout } from './start.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const HEAP = '--max-old-space-size=320'

/** The examiner in the ways that are compared, below `scratch`. */
export async function layouts(scratch: string): Promise<{ sources: Layout; image: Layout }> {
  const from = join(scratch, 'from')
  const to = join(scratch, 'to')
  await mkdir(from)
  for (const part of ['core', 'examiner']) await cp(join(ROOT, part), join(from, part), { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(from, 'node_modules'))
  await bundleExaminer(from, to)
  const cache = (name: string) => join(scratch, `cache-${name}`)
  return {
    // As it was: each module by itself, types taken out where they are met, and V8 told on the command line.
    sources: {
      folder: ROOT,
      main: 'examiner/main.ts',
      flags: ['--liftoff-only', HEAP],
      cache: cache('sources'),
      javascript: () => undefined,
    },
    image: { folder: to, main: 'main.js', flags: [HEAP], cache: cache('image'), javascript: withoutTypes },
  }
}
