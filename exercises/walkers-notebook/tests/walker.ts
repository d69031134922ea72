import { expect, random, type Http, type SignIn } from 'assay'

export type Note = { id: number; title: string; text: string }
export type Walker = { name: string; password: string; as: SignIn }

/** Somebody new, signed up and in; `as` are the headers of their requests. */
export async function newWalker(http: Http): Promise<Walker> {
  const name = `${random.unique(random.name)} ${random.letters(6)}`
  const password = random.letters(12)
  const made = await http.post('/walkers', { json: { name, password } })
  expect(made.status, 'the status of POST /walkers').toBe(201)
  const signedIn = await http.post('/sessions', { json: { name, password } })
  expect(signedIn.status, 'the status of POST /sessions').toBe(201)
  return { name, password, as: { authorization: `Bearer ${signedIn.json.token}` } }
}

export async function keepNote(http: Http, { as }: Walker, title = random.words(3), text = random.text(40)): Promise<Note> {
  const kept = await http.post('/notes', { json: { title, text }, headers: as })
  expect(kept.status, 'the status of POST /notes').toBe(201)
  expect(kept.json).toEqual({ id: expect.any(Number), title, text })
  return kept.json
}
