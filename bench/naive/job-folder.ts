import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { BenchCase } from '../cases.ts'

const TESTS = join(import.meta.dirname, 'tests')

/** What the test container of each job is given, laid once: the tests as plain JavaScript, and the exercise's files. */
export async function layTests(of: BenchCase): Promise<AsyncDisposable & { tests: string; exercise: string; file: string }> {
  const folder = await openFolder('assay-bench-tests-')
  const tests = join(folder, 'tests')
  await cp(TESTS, tests, { recursive: true })
  await layFiles(join(folder, 'exercise'), of.bundle.files)
  let file = `${of.manifest.kind}.test.mjs`
  if (of.manifest.kind === 'endpoint') {
    const [path, more] = Object.keys(of.bundle.files).filter(each => each.endsWith('.test.ts'))
    if (!path || more) throw new Error('a naive job has one file of tests')
    file = 'endpoint.test.mjs'
    // The bench's exercises write no types into their tests, so they are JavaScript as they are.
    await writeFile(join(tests, file), of.bundle.files[path]!.replace("from 'assay'", "from './assay.mjs'"))
  }
  return { tests, exercise: join(folder, 'exercise'), file, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

/** What one job needs: the submission, and a folder where its results are written. */
export async function openJobFolder(of: BenchCase): Promise<AsyncDisposable & { folder: string; submission: string; results: string }> {
  const folder = await openFolder('assay-bench-job-')
  const [submission, results] = [join(folder, 'submission'), join(folder, 'results')]
  await layFiles(submission, of.files)
  await mkdir(results)
  // The container's user is another than ours.
  await chmod(results, 0o777)
  return { folder, submission, results, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

/** How many tests passed, by the runner's report; none where one failed. */
export async function passedTests(results: string): Promise<number> {
  const xml = await readFile(join(results, 'results.xml'), 'utf8')
  return xml.includes('<failure') ? 0 : (xml.match(/<testcase /g) ?? []).length
}

async function openFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix))
  await chmod(folder, 0o755)
  return folder
}

async function layFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}
