import { test } from 'assay'
import { addBoat } from '../boats.ts'

test(
  'holds the contract for lists',
  { id: 'contract-lists', task: 'boats', points: 4, category: 'lists by the contract' },
  async ({ http, contract }) => {
    for (let count = 0; count < 3; count++) await addBoat(http)
    await contract.holds(http, { operations: ['listBoats'], succeed: ['listBoats'], runs: 40 })
  },
)

test(
  'holds the contract for new boats',
  { id: 'contract-adds', task: 'boats', points: 4, category: 'new boats by the contract' },
  async ({ http, contract }) => {
    await contract.holds(http, { operations: ['addBoat'], succeed: ['addBoat'], runs: 60 })
  },
)

test(
  'holds the contract for a boat',
  { id: 'contract-boat', task: 'boats', points: 4, category: 'boats by the contract' },
  async ({ http, contract }) => {
    const known = { boatId: [(await addBoat(http)).id, (await addBoat(http)).id] }
    await contract.holds(http, {
      operations: ['getBoat', 'changeBoat', 'removeBoat'],
      known,
      succeed: ['getBoat', 'changeBoat', 'removeBoat'],
      runs: 40,
    })
  },
)

test(
  'holds the contract for hires',
  { id: 'contract-hires', task: 'hires', points: 6, category: 'hires by the contract' },
  async ({ http, contract }) => {
    const boats = [await addBoat(http), await addBoat(http), await addBoat(http)]
    const known = { boatId: boats.map(({ id }) => id) }
    await contract.holds(http, { operations: ['hireBoat', 'endHire', 'getBoat'], known, succeed: ['hireBoat', 'endHire'], runs: 40 })
  },
)
