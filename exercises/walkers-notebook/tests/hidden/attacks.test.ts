import { probes, random, test, type Ask } from 'assay'
import { keepNote, newWalker } from '../walker.ts'

test(
  'takes words to search for as words',
  { id: 'search-injection', task: 'notes', points: 5, category: 'what is searched for' },
  async ({ http }) => {
    const { as, ...walker } = await newWalker(http)
    const { title } = await keepNote(http, { as, ...walker })
    await probes.sqlInjection(q => http.get('/notes', { query: { q }, headers: as }), { value: title })
  },
)

test('sorts by its own columns only', { id: 'sort-injection', task: 'notes', points: 5, category: 'orders of lists' }, async ({ http }) => {
  const walker = await newWalker(http)
  for (let count = 0; count < 3; count++) await keepNote(http, walker)
  await probes.sqlInjection(sort => http.get('/notes', { query: { sort }, headers: walker.as }), { value: 'title' })
})

test('trusts no text because it has stored it', { id: 'hut-injection', task: 'walkers', points: 5, category: 'huts' }, async ({ http }) => {
  const { as } = await newWalker(http)
  await probes.sqlInjection(hut => http.patch('/me', { json: { hut }, headers: as }), {
    value: () => random.word(),
    afterwards: () => http.get('/me/hut', { headers: as }),
  })
})

test('keeps notes from other walkers', { id: 'notes-others', task: 'notes', points: 6, category: 'whose note it is' }, async ({ http }) => {
  const [owner, other] = [await newWalker(http), await newWalker(http)]
  const { id, text } = await keepNote(http, owner)
  await probes.objectAccess({
    owner: owner.as,
    other: other.as,
    secret: text,
    read: [
      as => http.get(`/notes/${id}`, { headers: as }),
      as => http.get('/notes', { headers: as }),
      as => http.get(`/notes/${id}/export`, { headers: as }),
    ],
    change: as => http.patch(`/notes/${id}`, { json: { text: random.text(30) }, headers: as }),
    remove: as => http.delete(`/notes/${id}`, { headers: as }),
  })
})

test('asks everybody who they are', { id: 'sign-in-asked', task: 'walkers', points: 6, category: 'sign-in' }, async ({ http }) => {
  const walker = await newWalker(http)
  const { id } = await keepNote(http, walker)
  const requests: Ask[] = [
    as => http.get('/me', { headers: as }),
    as => http.patch('/me', { json: { hut: 'Saddle' }, headers: as }),
    as => http.get('/me/hut', { headers: as }),
    as => http.post('/notes', { json: { title: 'Day 1', text: '' }, headers: as }),
    as => http.get('/notes', { headers: as }),
    as => http.get(`/notes/${id}`, { headers: as }),
    as => http.get(`/notes/${id}/export`, { headers: as }),
    as => http.patch(`/notes/${id}`, { json: { text: '' }, headers: as }),
    as => http.delete(`/notes/${id}`, { headers: as }),
  ]
  for (const ask of requests) await probes.missingAuthentication(ask, walker)
})

test('lets nobody make themselves a warden', { id: 'role-kept', task: 'walkers', points: 5, category: 'roles' }, async ({ http }) => {
  const { as } = await newWalker(http)
  const me = () => http.get('/me', { headers: as })
  const fields = { role: 'warden', id: random.uuid(), name: random.letters(12) }
  await probes.massAssignment({ send: extra => http.patch('/me', { json: { hut: 'Saddle', ...extra }, headers: as }), read: me, fields })
  const asNew = new Map<string, string>()
  await probes.massAssignment({
    send: async extra => {
      const signUp = { name: random.letters(14), password: random.letters(12) }
      const made = await http.post('/walkers', { json: { ...signUp, ...extra } })
      if (made.status === 201) asNew.set(made.json.id, (await http.post('/sessions', { json: signUp })).json.token)
      return made
    },
    read: ({ json }) => http.get('/me', { headers: { authorization: `Bearer ${asNew.get(json.id)}` } }),
    fields: { role: 'warden' },
  })
})

test('gives out sheets only', { id: 'sheets-folder', task: 'sheets', points: 5, category: 'names of sheets' }, async ({ http }) => {
  await probes.pathTraversal(name => http.get(`/sheets/${encodeURIComponent(name)}`), {
    value: 'rules.txt',
    files: { '../package.json': /"type"/, '../server.js': /createServer|listen\(/ },
  })
})

test('puts no lines into a head', { id: 'export-header', task: 'notes', points: 5, category: 'exports' }, async ({ http }) => {
  const walker = await newWalker(http)
  await probes.headerInjection(
    async title => {
      const kept = await http.post('/notes', { json: { title, text: 'Rain' }, headers: walker.as })
      return kept.status === 201 ? http.get(`/notes/${kept.json.id}/export`, { headers: walker.as }) : kept
    },
    { value: random.word() },
  )
})

test('leads nobody astray', { id: 'links-own', task: 'links', points: 5, category: 'targets of links' }, async ({ http }) => {
  await probes.openRedirect(to => http.get('/go', { query: { to } }), { value: '/sheets/rules.txt' })
})

test('says nothing of its inside', { id: 'errors-plain', task: 'notes', points: 5, category: 'errors' }, async ({ http }) => {
  const { as } = await newWalker(http)
  const headers = { 'content-type': 'application/json', ...as }
  await probes.verboseErrors(body => http.post('/notes', { body, headers }), { json: { title: random.word(), text: random.word() } })
  await probes.verboseErrors(id => http.get(`/notes/${encodeURIComponent(id)}`, { headers: as }))
  await probes.verboseErrors(q => http.get('/notes', { query: { q }, headers: as }))
})
