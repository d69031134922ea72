import { expect, test } from 'assay'

test("reads Ada's account", { id: 'reads', task: 'read', hint: 'Which table holds the owner?' }, async ({ http }) => {
  expect((await http.get('/accounts/1')).json).toEqual({ owner: 'Ada', cents: 1000 })
})
