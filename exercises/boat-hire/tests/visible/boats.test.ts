import { expect, random, test } from 'assay'
import { addBoat, drawBoat } from '../boats.ts'

test(
  'adds a boat as the contract says',
  {
    id: 'boats-added',
    task: 'boats',
    hint: 'Look at addBoat in openapi.yaml: its 201 has a header and a body, and nothing in the body that is not listed.',
  },
  async ({ http, contract }) => {
    const boat = drawBoat()
    const added = await http.post('/boats', { json: boat })
    expect(added.status).toBe(201)
    contract.expectResponse(added, 'addBoat')
    expect(added.json).toMatchObject(boat)
    const shown = await http.get(`/boats/${added.json.id}`)
    contract.expectResponse(shown, 'getBoat')
    expect(shown.json).toEqual(added.json)
  },
)

test(
  'hires a boat as the contract says',
  { id: 'hires-noted', task: 'hires', hint: 'A boat that nobody has hired has "hire": null; the field is always there.' },
  async ({ http, contract }) => {
    const boat = await addBoat(http)
    const hire = { guest: random.name(), hours: random.integer(1, 24) / 2 }
    const hired = await http.put(`/boats/${boat.id}/hire`, { json: hire })
    contract.expectResponse(hired, 'hireBoat')
    expect(hired.json).toEqual({ ...boat, hire })
  },
)

test(
  'refuses what the contract does not allow',
  {
    id: 'boats-refused',
    task: 'boats',
    hint: 'The request that is shown has one thing wrong. Which answer does openapi.yaml list for it?',
  },
  async ({ http, contract }) => {
    await contract.holds(http, { operations: ['addBoat'], succeed: ['addBoat'], runs: 10 })
  },
)
