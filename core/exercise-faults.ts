import { InvalidInput, type Finding } from './errors.ts'
import type { Manifest } from './exercise.ts'
import { checkFiles, patternToRegExp } from './files.ts'
import { readOpenApi } from './openapi.ts'
import { RUNTIMES, runtimesOf } from './runtimes.ts'
import type { FileMap } from './submission.ts'

/** What a schema can't tell of an exercise: that what exercise.yaml names is there, and agrees. Files are relative to the exercise. */
export function checkExercise(manifest: Manifest, files: FileMap): Finding[] {
  return [
    ...checkTasks(manifest, files['README.md']),
    ...checkNamedFiles(manifest, files),
    ...(manifest.kind === 'query' ? checkDatasets(manifest) : checkTests(files)),
    ...(manifest.kind === 'endpoint' ? checkContract(manifest, files) : []),
    ...checkStarter(manifest, files),
    ...Object.keys(files)
      .filter(path => /(^|\/)package\.json$/.test(path) && !path.startsWith('starter/'))
      .map(file => ({ file, message: 'a package.json stands only under starter/ and submissions/' })),
  ]
}

function checkTasks({ tasks }: Manifest, statement: string | undefined): Finding[] {
  if (statement === undefined) return [{ file: 'README.md', message: 'is missing; it is the statement that learners read' }]
  const findings = repeated(tasks.map(task => task.id)).map(([index, id]) => inManifest(`tasks.${index}.id`, `"${id}" stands twice`))
  const headings = headingsOf(statement)
  tasks.forEach(({ title }, index) => {
    if (headings.has(plain(title))) return
    const list = [...headings].slice(0, 20).join(', ')
    findings.push(
      inManifest(`tasks.${index}.title`, `expected a heading of README.md (${list || 'it has none'}), got ${JSON.stringify(title)}`),
    )
  })
  return findings
}

function checkNamedFiles(manifest: Manifest, files: FileMap): Finding[] {
  const named: [field: string, path: string | undefined][] =
    manifest.kind === 'endpoint'
      ? [
          ['services.postgres.schema', manifest.services.postgres?.schema],
          ['services.postgres.seed', manifest.services.postgres?.seed],
          ['contract', manifest.contract],
        ]
      : manifest.kind === 'migration'
        ? [
            ['schema', manifest.schema],
            ['seed', manifest.seed],
            ['wanted', manifest.wanted],
          ]
        : [
            ['schema', manifest.schema],
            ['reference', manifest.reference],
            ...manifest.datasets.map(({ file }, index): [string, string] => [`datasets.${index}.file`, file]),
          ]
  const findings: Finding[] = []
  for (const [field, path] of named) {
    if (path === undefined || path in files) continue
    findings.push(inManifest(field, `expected a file of this exercise, but there is no ${path}`))
  }
  return findings
}

/** That the document can be used, and that learners have it before them: of an exercise they see the statement and the starter. */
function checkContract({ contract }: Extract<Manifest, { kind: 'endpoint' }>, files: FileMap): Finding[] {
  const text = contract === undefined ? undefined : files[contract]
  if (contract === undefined || text === undefined) return []
  const shown = Object.entries(files).some(
    ([path, own]) => (path === 'README.md' || path.startsWith('starter/')) && own.includes(text.trim()),
  )
  const findings = shown
    ? []
    : [inManifest('contract', `expected the text of ${contract} in README.md or in a file of starter/ too, where learners read it`)]
  try {
    readOpenApi(text, contract)
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error
    findings.push(...error.findings)
  }
  return findings
}

function checkDatasets({ datasets, tasks, statement }: Extract<Manifest, { kind: 'query' }>): Finding[] {
  const findings = repeated(datasets.map(set => set.id)).map(([index, id]) => inManifest(`datasets.${index}.id`, `"${id}" stands twice`))
  const known = tasks.map(task => task.id)
  datasets.forEach(({ task }, index) => {
    if (!known.includes(task)) findings.push(inManifest(`datasets.${index}.task`, `expected one of ${known.join(', ')}, got "${task}"`))
  })
  // Explained, a change is carried out once more, on rows that it has changed already.
  if (statement === 'change')
    datasets.forEach(({ plan }, index) => {
      if (plan)
        findings.push(inManifest(`datasets.${index}.plan`, 'a budget is for "statement: select"; a change has no plan to hold to it'))
    })
  if (!datasets.some(set => set.visibility === 'visible'))
    findings.push(inManifest('datasets', 'expected at least one with "visibility: visible", which learners can try, got none'))
  return findings
}

function checkTests(files: FileMap): Finding[] {
  return ['tests/visible', 'tests/hidden']
    .filter(folder => !Object.keys(files).some(path => path.startsWith(`${folder}/`) && path.endsWith('.test.ts')))
    .map(file => ({ file, message: 'expected at least one file named *.test.ts, got none' }))
}

function checkStarter(manifest: Manifest, files: FileMap): Finding[] {
  const findings: Finding[] = []
  const runtimes = runtimesOf(manifest)
  if (runtimes.length === 0) findings.push(inManifest('runtimes', `expected at least one of ${Object.keys(RUNTIMES).join(', ')}, got none`))
  for (const path of Object.keys(files)) {
    const [top, runtime, rest] = path.split('/')
    if (top !== 'starter' || (rest !== undefined && (runtimes as string[]).includes(runtime!))) continue
    findings.push({ file: path, message: `expected to stand in ${runtimes.map(name => `starter/${name}/`).join(' or ')}` })
  }
  for (const runtime of runtimes) {
    const prefix = `starter/${runtime}/`
    const own = Object.fromEntries(
      Object.entries(files).flatMap(([path, text]) => (path.startsWith(prefix) ? [[path.slice(prefix.length), text]] : [])),
    )
    // A learner begins by handing the starter in as it is; that must never be refused.
    for (const { file, message } of checkFiles(own, manifest.limits, manifest.editable))
      findings.push({ file: `starter/${runtime}`, ...(file !== 'files' && { field: file.replaceAll('"', '') }), message })
    if (manifest.kind !== 'endpoint') continue
    const { entry } = manifest.runtimes[runtime as keyof typeof manifest.runtimes]!
    if (!manifest.editable.some(pattern => patternToRegExp(pattern).test(entry)))
      findings.push(inManifest(`runtimes.${runtime}.entry`, `expected a file that "editable" lets a learner hand in, got "${entry}"`))
  }
  return findings
}

function inManifest(field: string, message: string): Finding {
  return { file: 'exercise.yaml', field, message }
}

function repeated(ids: readonly string[]): [index: number, id: string][] {
  return ids.flatMap((id, index) => (ids.indexOf(id) < index ? [[index, id] as [number, string]] : []))
}

/** Headings written with #, outside fenced code; compared without emphasis and code marks. */
function headingsOf(markdown: string): Set<string> {
  const headings = new Set<string>()
  let fence: string | undefined
  for (const line of markdown.split(/\r?\n/)) {
    const mark = /^ {0,3}(```+|~~~+)/.exec(line)?.[1]
    if (mark && !fence) fence = mark
    else if (mark && fence && mark.startsWith(fence)) fence = undefined
    const heading = fence ? undefined : /^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$/.exec(line)?.[1]
    if (heading) headings.add(plain(heading))
  }
  return headings
}

function plain(heading: string): string {
  return heading.replaceAll(/[`*_]/g, '').replaceAll(/\s+/g, ' ').trim()
}
