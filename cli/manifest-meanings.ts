import type { LimitName } from '../core/limits.ts'

/** By path; where kinds mean different things by one name, by kind. */
export const MEANINGS: Record<string, string | Record<string, string>> = {
  kind: 'What is handed in, and so how it is tested.',
  title: 'The name that people read.',
  summary: 'One sentence for lists of exercises.',
  topics: 'Words to find it by.',
  difficulty: 'For lists of exercises; grading is the same.',
  tasks: 'In the order of the statement.',
  'tasks[].id': 'What tests and data sets name.',
  'tasks[].title': 'A heading of README.md, word for word.',
  limits: 'See below.',
  editable: 'Patterns of the files that may be handed in: `*` stays within a folder, `**` crosses folders.',
  runtimes: 'What it can be written in; there is `node`.',
  'runtimes.<name>.entry': 'The file that is run and must listen on `$PORT`. `editable` must take it.',
  'runtimes.<name>.command':
    'A program and its arguments, instead of `node` and the entry file: `[node, --enable-source-maps, server.js]`.',
  'runtimes.<name>.imports':
    'What submissions are likely to import, loaded before they come: any of `node:http`, `express`, `fastify`, `pg`. By default `node:http` and `express`, with a database `pg` too. It saves the learner time, and works without.',
  services: 'What the program finds beside it.',
  'services.postgres': 'A PostgreSQL 17 of its own, at `$DATABASE_URL`.',
  'services.postgres.schema': 'SQL that makes the tables, run when the box is made.',
  'services.postgres.seed': 'SQL that fills them, after `schema`.',
  'services.postgres.statistics': 'Has the server count every statement, so that tests can ask [what a request costs](query-cost.md).',
  contract: 'An OpenAPI 3.1 document that tests hold the program to, see [contracts](contracts.md).',
  sandbox:
    'The weakest sandbox that the program may run in. `runsc` is [gVisor](../operators/engine.md#gvisor): where a worker has none the grading is a grader fault. The service may use it for every exercise; no exercise can loosen that.',
  isolation: {
    endpoint: 'When the program is started anew and its database reset: before each test file, or before each test.',
    migration: 'When the old schema and its rows are laid anew: before each test file, or before each test.',
  },
  statement: '`select`: the rows that it returns are compared; `change`: all tables as it leaves them.',
  schema: { query: 'SQL that makes the tables of every data set.', migration: 'The old schema.' },
  seed: 'The rows that the migration finds.',
  wanted: 'The new schema, written out whole; `up` must lead to its equal.',
  reference:
    'Of a query your own statement, whose rows are the right ones. Of an endpoint the accepted sample that tests [compare a program’s pace with](pace.md), as `submissions/accepted/indexed`.',
  comparison: 'How rows are compared, see [the guide](README.md#how-rows-are-compared).',
  'comparison.order': '`auto`: order counts if the reference has an ORDER BY at its top; rows that tie there may swap.',
  'comparison.columnNames': '`ci`: upper and lower case are the same.',
  'comparison.columnOrder': '`ignore`: columns are found by their names.',
  'comparison.tolerance': 'How far numbers may lie apart, as a part of their size.',
  datasets: 'Each is a test; the first of a task is its core.',
  'datasets[].id': 'Unique in the exercise; what `fails:` of a sample names.',
  'datasets[].name': 'What the report calls it.',
  'datasets[].task': 'The `id` of a task.',
  'datasets[].file': 'SQL that fills the tables.',
  'datasets[].points': 'What it is worth.',
  'datasets[].visibility': 'Only `visible` ones are shown to learners; the other three count as hidden.',
  'datasets[].feedback': 'What a learner is told of a hidden one, by default `category`, see [the guide](README.md#what-a-learner-sees).',
  'datasets[].category': 'What it is about, in a few words that give nothing away.',
  'datasets[].hint': 'Shown after a failure. A visible one must have it.',
  'datasets[].plan': 'What the plan of a right statement may cost on this data set, see [plans](plans.md).',
  'datasets[].plan.noSeqScan': 'Tables that must not be read from end to end.',
  'datasets[].plan.usesIndex': 'Indexes each of which must be used.',
  'datasets[].plan.buffers':
    'Pages of 8 KiB touched at most, in memory or not: a number, or a multiple of what the reference touches (never below 100).',
  'datasets[].plan.rows': 'Rows visited at most: a number, or a multiple of what the reference visits (never below 1,000).',
}

export const LIMIT_MEANINGS: Record<LimitName, string> = {
  start: 'from start to listening on `$PORT`',
  test: 'one test',
  total: 'all tests together',
  statement: 'one SQL statement',
  memory: "the program's box, with what it writes to /work and /tmp",
  databaseMemory: "the database's box, with its data",
  processors: 'of each box',
  files: 'files handed in',
  fileBytes: 'one of them',
  allFilesBytes: 'all of them',
}
