// oxlint-disable typescript/no-floating-promises -- the runner itself waits for its tests
/*
 * The library that an exercise's tests import, as little as it takes to run the same files under `node --test`: fetch for
 * requests, node:assert for expectations, pg for the database.
 */
import assert from 'node:assert/strict'
import { before, after, test as nodeTest } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openDatabase } from './database.mjs'

const url = process.env.SUBJECT_URL
let db

before(async () => {
  if (process.env.DATABASE_HOST) db = await openDatabase('app', ['schema.sql', 'seed.sql'])
  while (!(await fetch(url).catch(() => undefined))) await pause(2)
})
after(() => db?.end())

export function test(name, _facts, body) {
  nodeTest(name, () => body({ http, db: { query: async (text, values) => (await db.query(text, values)).rows } }))
}

export function expect(actual) {
  return { toBe: expected => assert.equal(actual, expected), toEqual: expected => assert.deepEqual(actual, expected) }
}

async function request(method, path, { json, body, headers = {} } = {}) {
  const typed = json === undefined ? headers : { 'content-type': 'application/json', ...headers }
  const response = await fetch(url + path, { method, headers: typed, body: json === undefined ? body : JSON.stringify(json) })
  const text = await response.text()
  return { status: response.status, headers: Object.fromEntries(response.headers), text, json: text === '' ? undefined : JSON.parse(text) }
}

const http = {
  get: (path, options) => request('GET', path, options),
  post: (path, options) => request('POST', path, options),
  put: (path, options) => request('PUT', path, options),
  delete: (path, options) => request('DELETE', path, options),
}
