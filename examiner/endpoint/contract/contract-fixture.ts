import type { Contract, HoldsOptions } from '../../authoring/contract.ts'
import type { Http } from '../../authoring/http.ts'
import { TestFailure } from '../../test-failure.ts'
import { shownAnswer } from '../probes/weakness.ts'
import { responseFault } from './check-response.ts'
import { holdOperation } from './hold-operation.ts'
import { readContract, type ContractOperation } from './read-contract.ts'

/** The exercise's document as a test is given it. */
export function contractFixture(text: string, file: string): Contract {
  const contract = readContract(text, file)
  const operationOf = (id: string): ContractOperation => {
    const found = contract.operations.get(id)
    if (!found)
      throw new TypeError(`expected an operationId of ${file} (${[...contract.operations.keys()].join(', ')}), got ${JSON.stringify(id)}`)
    return found
  }
  return {
    expectResponse: (response, operationId) => {
      const fault = responseFault(contract, operationOf(operationId), response)
      if (fault)
        throw new TestFailure(`The answer breaks the contract (${file}, ${operationId}): ${fault}.\nCame: ${shownAnswer(response)}`)
    },
    holds: async (http: Http, options: HoldsOptions = {}) => {
      const { operations = [...contract.operations.keys()], succeed = [] } = options
      for (const id of succeed)
        if (!operations.includes(id)) throw new TypeError(`"${id}" of succeed is none of the operations that are tried`)
      for (const id of operations) await holdOperation(contract, operationOf(id), http, { ...options, mustSucceed: succeed.includes(id) })
    },
  }
}
