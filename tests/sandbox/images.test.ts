import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Docker from 'dockerode'
import { beforeAll, describe, expect, test } from 'vitest'
import { IMAGE_NAMES } from '../../core/runtimes.ts'
import { hashOf } from '../../worker/sandbox/docker/build-context.ts'
import { buildImage } from '../../worker/sandbox/docker/build-image.ts'
import { connectEngine, engineFacts } from '../../worker/sandbox/docker/engine.ts'
import { RECIPES, ROOT } from '../../worker/sandbox/docker/image-recipes.ts'
import { ensureImages, imageDigest, imageRefs } from '../../worker/sandbox/docker/images.ts'
import { pruneImages, unwanted } from '../../worker/sandbox/docker/prune-images.ts'
import { runInBox } from '../../worker/sandbox/docker/run-in-box.ts'
import { boxSpec } from './open-program.ts'

const engine = connectEngine()
const quiet = { log: () => {} }

beforeAll(() => ensureImages(quiet))

test('images that are there are not built again, and nothing is said', async () => {
  const said: string[] = []
  expect(await ensureImages({ log: line => said.push(line) })).toEqual({ built: [], unchanged: [...IMAGE_NAMES] })
  expect(said).toEqual([])
})

describe('building', () => {
  // An image of the test's own: others may be opening boxes of the real ones right now.
  const build = async (dockerfile: string, said: string[]) => {
    const { architecture } = await engineFacts(engine)
    const { base } = await imageRefs(architecture)
    const folder = await mkdtemp(join(tmpdir(), 'assay-build-'))
    const ref = `assay-test:${folder.slice(-6).toLowerCase()}`
    try {
      await writeFile(join(folder, 'Dockerfile'), dockerfile)
      await buildImage(engine, {
        ref,
        from: base,
        files: new Map([['Dockerfile', join(folder, 'Dockerfile')]]),
        log: line => said.push(line),
      })
      return await imageDigest(engine, ref)
    } finally {
      await rm(folder, { recursive: true })
      await new Docker()
        .getImage(ref)
        .remove()
        .catch(() => {})
    }
  }

  test('tells its stages and gives the image its name', async () => {
    const said: string[] = []
    expect(await build('ARG FROM\nFROM ${FROM}\nENV HELLO=world\n', said)).toMatch(/^sha256:/)
    expect(said.slice(0, 3)).toEqual(['1/4 ARG FROM', '2/4 FROM ${FROM}', '3/4 ENV HELLO=world'])
  })

  test('says what went wrong, with the last lines of the build', async () => {
    await expect(build('ARG FROM\nFROM ${FROM}\nRUN echo so far; exit 7\n', [])).rejects.toMatchObject({
      code: 'IMAGE_BUILD',
      message: expect.stringMatching(/code: 7[^]*so far/),
    })
  })
})

describe('an image’s name', () => {
  test('changes with a file’s content, name or executable bit, and with nothing else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-context-'))
    try {
      const file = join(folder, 'a')
      const hash = () => hashOf(new Map([['a', file]]), ['x'])
      await writeFile(file, 'one', { mode: 0o644 })
      const first = await hash()
      await rm(file)
      await writeFile(file, 'one', { mode: 0o600 })
      expect(await hash()).toBe(first)
      expect(await hashOf(new Map([['b', file]]), ['x'])).not.toBe(first)
      expect(await hashOf(new Map([['a', file]]), ['y'])).not.toBe(first)
      await cp(file, join(folder, 'b'))
      await rm(file)
      await writeFile(file, 'one', { mode: 0o755 })
      expect(await hash()).not.toBe(first)
      await rm(file)
      await writeFile(file, 'two', { mode: 0o644 })
      expect(await hash()).not.toBe(first)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('stands on what is below it: a base that changes renames all', async () => {
    const [amd64, arm64] = await Promise.all([imageRefs('amd64'), imageRefs('arm64')])
    for (const name of IMAGE_NAMES) expect(amd64[name]).not.toBe(arm64[name])
  })
})

test('old images of ours go, but for those that are wanted; others’ stay', () => {
  const image = (name: string, Created: number) => ({ RepoTags: [name], Created })
  const [old, fresh] = [100, 300]
  const found = [
    image('assay-node:0000000000000001', old),
    image('assay-node:0000000000000002', old),
    image('assay-node:0000000000000003', fresh),
    image('assay-server:1.0', old),
    { RepoTags: null, Created: old },
  ]
  expect(unwanted(found, new Set(['assay-node:0000000000000002']), 200)).toEqual(['assay-node:0000000000000001'])
})

describe('what is inside', () => {
  test('a subject’s box holds the agent, the packages and what has a program wait, and nothing else of ours', async () => {
    const { stdout } = await runInBox(engine, boxSpec(), ['find', '/opt', '-maxdepth', '3', '-type', 'f', '-printf', '%P\n'])
    const waiting = [...(await RECIPES.node.sources()).keys()].filter(place => place.startsWith('waiting/'))
    const laid = ['agent', 'closed/closed.so', ...waiting.map(place => `runtime/${place}`), 'runtime/waiting/resolved.json']
    expect(stdout.trim().split('\n').sort()).toEqual(laid.sort())
  })

  test.each(['node', 'postgres', 'examiner'] as const)('the %s image has no program that changes its user', async image => {
    const { stdout } = await runInBox(engine, boxSpec({ image }), ['find', '/', '-xdev', '-type', 'f', '-perm', '/6000'])
    expect(stdout).toBe('')
  })

  test('the postgres image has no extension but PL/pgSQL and what counts statements, and no code for another', async () => {
    const { stdout } = await runInBox(engine, boxSpec({ image: 'postgres' }), [
      'sh',
      '-c',
      'cd /usr/share/postgresql/17/extension && ls *.control; cd /usr/lib/postgresql/17/lib && ls | grep -v _and_',
    ])
    expect(stdout.trim().split('\n')).toEqual([
      'pg_stat_statements.control',
      'plpgsql.control',
      'dict_snowball.so',
      'pg_stat_statements.so',
      'plpgsql.so',
    ])
  })

  test('a submission may import Express, Fastify and pg; a test may import assay', async () => {
    const load = (name: string) => `import('${name}').then(() => console.log('${name}'), error => console.log(error.message))`
    const loads = (image: 'node' | 'examiner', name: string) =>
      runInBox(engine, boxSpec({ image }), ['node', '--input-type=module', '--eval', load(name)])
    for (const name of ['express', 'fastify', 'pg']) expect((await loads('node', name)).stdout.trim()).toBe(name)
    expect((await loads('examiner', 'assay')).stdout.trim()).toBe('assay')
  })
})

test('the examiner’s packages are the project’s, at the same versions', async () => {
  const read = async (path: string) => JSON.parse(await readFile(join(ROOT, path), 'utf8')) as Record<string, Record<string, string>>
  const project = await read('package.json')
  const versions = { ...project['devDependencies'], ...project['dependencies'] }
  for (const image of ['node', 'examiner']) {
    const { dependencies } = await read(`sandbox-images/${image}/package.json`)
    for (const [name, version] of Object.entries(dependencies!)) expect([name, versions[name]]).toEqual([name, version])
  }
})

test('every folder of sandbox-images is an image, or where gVisor comes from', async () => {
  const folders = await readdir(join(ROOT, 'sandbox-images'))
  expect(folders.sort()).toEqual([...IMAGE_NAMES, 'gvisor'].sort())
})

test('several may prune at a time, which an engine does for one alone', { timeout: 60_000 }, async () => {
  const removed = await Promise.all(Array.from({ length: 6 }, () => pruneImages({ keptDays: 3650 })))
  expect(removed.flat()).toEqual([])
})
