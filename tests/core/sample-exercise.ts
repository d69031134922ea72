import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { FileMap } from '../../core/submission.ts'

/** A small whole query exercise, as files. */
export const QUERY: FileMap = {
  'exercise.yaml': `kind: query
title: Late orders
difficulty: easy
tasks:
  - { id: late, title: Late orders }
  - { id: none, title: No orders at all }
datasets:
  - { id: few, name: a few orders, task: late, file: datasets/few.sql, visibility: visible }
  - { id: empty, name: no orders, task: none, file: datasets/empty.sql, points: 2, category: empty tables }
`,
  'README.md': '# Late orders\n\nList the late orders.\n\n## No orders at all\n\n```\n# not a heading\n```\n',
  'schema.sql': 'CREATE TABLE orders (id int, due date);\n',
  'reference.sql': 'SELECT id FROM orders;\n',
  'datasets/few.sql': 'INSERT INTO orders VALUES (1, now());\n',
  'datasets/empty.sql': '-- nothing\n',
  'starter/sql/query.sql': 'SELECT 1;\n',
  'submissions/accepted/plain/query.sql': 'SELECT id FROM orders;\n',
  'submissions/wrong_answer/nothing/query.sql': 'SELECT 1 WHERE false;\n',
  'submissions/wrong_answer/nothing/sample.yaml': 'score: 2\nfails: [few]\n',
}

/** A small whole endpoint exercise, as files. */
export const ENDPOINT: FileMap = {
  'exercise.yaml': `kind: endpoint
title: Hello
difficulty: easy
tasks:
  - { id: hello, title: Greet }
runtimes:
  node: { entry: server.js }
editable: ['*.js', 'lib/**', package.json]
limits: { start: 3s, memory: 128m }
`,
  'README.md': '# Hello\n\n## Greet\n\nAnswer `GET /` with hello.\n',
  'starter/node/server.js': '// begin here\n',
  'tests/visible/hello.test.ts': "import { test } from 'assay'\n",
  'tests/hidden/canary.test.ts': '// CANARY-hidden-test\n',
  'submissions/accepted/plain/server.js': '// CANARY-submission\n',
}

/** Lays an exercise's files into a new folder `<slug>` of a library folder, a temporary one unless given. */
export async function layExercise(slug: string, files: FileMap, library?: string): Promise<string> {
  const folder = join(library ?? (await mkdtemp(join(tmpdir(), 'assay-library-'))), slug)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return folder
}
