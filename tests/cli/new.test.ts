import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { KINDS } from '../../core/exercise.ts'
import { readManifest } from '../../core/read-manifest.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { assay } from './run-assay.ts'

describe('a new exercise', () => {
  test.each(KINDS)('of kind %s is found in order from the first minute, under its own title', async kind => {
    using folder = tempFolder()
    const made = await assay(['new', kind, 'tea-and-cakes', '--in', folder.path])
    expect(made).toMatchObject({ code: 0, out: expect.stringContaining('README.md') })
    const own = join(folder.path, 'tea-and-cakes')
    expect(readManifest(readFileSync(join(own, 'exercise.yaml'), 'utf8'), 'exercise.yaml')).toMatchObject({ kind, title: 'Tea and cakes' })
    expect(readFileSync(join(own, 'README.md'), 'utf8')).toMatch(/^# Tea and cakes\n/)
    expect(await assay(['check', own])).toMatchObject({ code: 0, out: expect.stringContaining('all as labelled.') })
  })

  test('stands in the library unless another folder is named, and keeps a title that needs quotes', async () => {
    using folder = tempFolder()
    const title = 'Who: "we" & $& them'
    const made = await assay(['new', 'query', 'who', '--title', title], { env: { ASSAY_EXERCISES: folder.path } })
    expect(made).toMatchObject({ code: 0, out: expect.stringContaining('npx assay check who\n') })
    expect(readManifest(readFileSync(join(folder.path, 'who/exercise.yaml'), 'utf8'), 'exercise.yaml').title).toBe(title)
    expect(readFileSync(join(folder.path, 'who/README.md'), 'utf8').split('\n')[0]).toBe(`# ${title}`)
  })
})

describe('nothing is made', () => {
  test('where something stands already', async () => {
    using folder = tempFolder()
    await assay(['new', 'query', 'twice', '--in', folder.path])
    const again = await assay(['new', 'endpoint', 'twice', '--in', folder.path])
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('is there already') })
    expect(readFileSync(join(folder.path, 'twice/exercise.yaml'), 'utf8')).toContain('kind: query')
  })

  test.each([
    ['a slug that no address can have', ['query', 'Late Books'], /lower-case letters, digits and hyphens/],
    ['a path as a slug', ['query', '../elsewhere'], /lower-case letters/],
    ['no title', ['query', 'late', '--title', ''], /title can't be: expected some text/],
    ['a title of two lines', ['query', 'late', '--title', 'Late\nbooks'], /expected one line/],
    ['an unknown kind', ['quiz', 'late'], /Allowed choices are endpoint, query, migration/],
  ])('of %s', async (_, args, words) => {
    using folder = tempFolder()
    const run = await assay(['new', ...args, '--in', folder.path])
    expect(run).toMatchObject({ code: 2, err: expect.stringMatching(words) })
  })
})
