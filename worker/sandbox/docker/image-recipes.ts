import { readdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import type { ImageName } from '../../../core/runtimes.ts'
import { bundleExaminer } from './bundle-examiner.ts'

/*
 * What goes into each image. Where everything stands inside:
 *
 *   /usr/local/bin/node                            all images but the agent's
 *   /opt/agent                                     node, postgres: the box agent, from the agent's image, which holds nothing else
 *   /opt/runtime/node_modules  (/node_modules →)   node: what a submission may import
 *   /var/lib/assay/cluster.tar                     postgres: an initialised cluster; /usr/local/bin/start-postgres unpacks and starts it
 *   /opt/squawk                                    examiner: the linter of migrations (examiner/sql/migration/hazards.ts)
 *   /opt/assay/{main,assay,…}.js                   examiner: its code in few files (bundle-examiner.ts); /node_modules/assay → /opt/assay,
 *                                                  so that `import … from 'assay'` resolves
 */
export type Recipe = {
  /** The image it stands on; none: the Debian base. */
  from?: ImageName
  /** Whether it holds the box agent: its Dockerfile's `ARG AGENT` stands for the agent's image. */
  agent?: boolean
  /** Whether Node's program goes in, at `node` of the build context. */
  node?: boolean
  /** Whether the linter of migrations goes in, at `squawk` of the build context. */
  squawk?: boolean
  /** The folder of sandbox-images/ whose package-lock.json says which npm packages go in, at `node_modules/` of the build context. */
  npm?: string
  /** The sources and packages are laid in a folder `from`, and what this makes of them goes in at this place instead. */
  bundle?: { at: string; make: (from: string, to: string) => Promise<void> }
  /** Whether its build fetches packages of the distribution; without that it needs no network. */
  fetches?: boolean
  /** Our own sources: path in the build context → file. */
  sources: () => Promise<Map<string, string>>
}

export const ROOT = resolve(import.meta.dirname, '../../..')

export const RECIPES: Record<ImageName, Recipe> = {
  base: { fetches: true, node: true, sources: () => folder('sandbox-images/base', '') },
  agent: { fetches: true, sources: () => folder('sandbox-images/agent', '') },
  node: { from: 'base', agent: true, npm: 'sandbox-images/node', sources: () => folder('sandbox-images/node', '') },
  postgres: { from: 'base', agent: true, fetches: true, sources: () => folder('sandbox-images/postgres', '') },
  examiner: {
    from: 'base',
    npm: 'sandbox-images/examiner',
    squawk: true,
    bundle: { at: 'assay', make: bundleExaminer },
    sources: () => merged(folder('sandbox-images/examiner', ''), folder('core', 'core'), folder('examiner', 'examiner'), bundler()),
  },
}

async function merged(...parts: Promise<Map<string, string>>[]): Promise<Map<string, string>> {
  return new Map((await Promise.all(parts)).flatMap(part => [...part]))
}

/** What turns the examiner's sources into its files: another bundler makes another image. */
async function bundler(): Promise<Map<string, string>> {
  const files = {
    'bundle-examiner.ts': join(import.meta.dirname, 'bundle-examiner.ts'),
    'rolldown.json': join(ROOT, 'node_modules/rolldown/package.json'),
  }
  return new Map(Object.entries(files))
}

/** All files below a folder of the repository, under `to` in the build context. */
function folder(from: string, to: string): Promise<Map<string, string>> {
  return filesBelow(join(ROOT, from), to)
}

/** All files below a folder, under `to` in the build context. */
export async function filesBelow(from: string, to: string): Promise<Map<string, string>> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  return new Map(files.map(file => [join(to, relative(from, file)), file]))
}
