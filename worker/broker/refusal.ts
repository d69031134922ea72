/** What the broker doesn't pass on: the answer's status, and in words what it was and why. Never a fault of the engine. */
export class Refusal extends Error {
  readonly status: 400 | 403 | 404 | 413

  constructor(message: string, status: Refusal['status'] = 403) {
    super(message)
    this.name = 'Refusal'
    this.status = status
  }
}
