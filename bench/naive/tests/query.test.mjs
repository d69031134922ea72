// oxlint-disable typescript/no-floating-promises -- the runner itself waits for its tests
/* The submitted statement on each data set, its rows compared with the reference's. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { openDatabase } from './database.mjs'

const statement = await readFile('/submission/query.sql', 'utf8')
const reference = await readFile('/exercise/reference.sql', 'utf8')

for (const dataset of process.env.DATASETS.split(',')) {
  test(dataset, async () => {
    const client = await openDatabase(`dataset_${dataset}`, ['schema.sql', `datasets/${dataset}.sql`])
    const rows = async text => (await client.query({ text, rowMode: 'array' })).rows
    assert.deepEqual(await rows(statement), await rows(reference))
    await client.end()
  })
}
