import { duplexPair, type Duplex } from 'node:stream'
import { expect } from '../authoring/expect.ts'
import type { Pod } from '../pod.ts'
import { httpFixture } from './http-fixture.ts'
import { Waiting } from './waiting.ts'

/*
 * The first requests and assertions of a process take many times as long as later ones: their code is found, compiled and
 * learnt on the way. An examiner grades once, so it makes them ahead, against a program of its own.
 */
const ROUNDS = 10

const BODY = JSON.stringify({ id: 1, name: 'practice', items: [{ id: 2 }, { id: 3 }] })
const ANSWER = `HTTP/1.1 201 Created\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${BODY.length}\r\nConnection: close\r\n\r\n${BODY}`

/** Sends some requests to nobody and looks at their answers as tests do. */
export async function practise(): Promise<void> {
  const nobody = { openSubject: () => answering() } as Pick<Pod, 'openSubject'> as Pod
  const http = httpFixture(nobody, new AbortController().signal, new Waiting())
  for (let round = 0; round < ROUNDS; round++) {
    const { status, headers, json } = await http.post('/practice', { json: { name: 'practice', round } })
    expect(status).toBe(201)
    expect(headers['content-type']).toContain('json')
    expect(json).toEqual({ id: 1, name: 'practice', items: [{ id: 2 }, { id: 3 }] })
    expect((await http.get(`/practice/${round}`)).json).toMatchObject({ id: 1 })
  }
}

function answering(): Duplex {
  const [mine, theirs] = duplexPair()
  theirs.once('data', () => theirs.end(ANSWER))
  theirs.on('error', () => {})
  return mine
}
