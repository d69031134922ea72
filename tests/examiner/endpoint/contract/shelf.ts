import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { send, type Asked, type Program } from '../probes/probed-server.ts'

export const CONTRACT = `openapi: 3.1.0
info: { title: Shelf, version: '1' }
paths:
  /books:
    get:
      operationId: listBooks
      parameters:
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 9 } }
        - { name: tag, in: query, schema: { type: array, items: { enum: [old, new] } } }
        - { name: x-shelf, in: header, required: true, schema: { type: string, pattern: '^[a-f]{2}$' } }
      responses:
        200: { content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Book' } } } } }
        4XX: { content: { application/json: { schema: { $ref: '#/components/schemas/Error' } } } }
    post:
      operationId: addBook
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/NewBook' } } } }
      responses:
        201:
          headers: { x-count: { required: true, schema: { type: integer } } }
          content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } }
        4XX: { content: { application/json: { schema: { $ref: '#/components/schemas/Error' } } } }
  /books/{id}:
    get:
      operationId: getBook
      parameters: [{ name: id, in: path, required: true, schema: { type: string, format: uuid } }]
      responses:
        200: { content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } }
        404: { description: No such book. }
components:
  schemas:
    NewBook:
      type: object
      required: [title]
      additionalProperties: false
      properties:
        title: { type: string, minLength: 1, maxLength: 20 }
        pages: { type: [integer, 'null'], minimum: 1, maximum: 5000 }
        parts: { type: array, maxItems: 3, items: { $ref: '#/components/schemas/NewBook' } }
    Book:
      type: object
      required: [id, title]
      properties: { id: { type: string, format: uuid }, title: { type: string, maxLength: 20 } }
    Error: { type: object, required: [error], properties: { error: { type: string } } }
`

type Book = { id: string; title: string; pages?: number | null; parts?: Book[] }
type Rules = {
  valid: (book: unknown) => boolean
  limit: (text: string | null) => boolean
  answer: (response: ServerResponse, status: number, json: unknown) => void
}

const isBook = (value: unknown): value is Book => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const { title, pages = null, parts = [], ...more } = value as Record<string, unknown>
  const pagesOk = pages === null || (Number.isInteger(pages) && (pages as number) >= 1 && (pages as number) <= 5000)
  const partsOk = Array.isArray(parts) && parts.length <= 3 && parts.every(isBook)
  return typeof title === 'string' && title !== '' && Array.from(title).length <= 20 && pagesOk && partsOk && Object.keys(more).length === 0
}

const RULES: Rules = {
  valid: isBook,
  limit: text => text === null || /^[1-9]$/.test(text),
  answer: (response, status, json) => send(response, status, json, { 'x-count': '1' }),
}

/** A shelf of books as the contract has it, but for what `other` says. It stands below a name of its own, which the contract doesn't know. */
function shelf(other: Partial<Rules> = {}): Program {
  const { valid, limit, answer } = { ...RULES, ...other }
  const books = new Map<string, Book>()
  return ({ method, url, parts: [, id], headers, body }: Asked, response) => {
    const refuse = (status: number) => answer(response, status, { error: 'no' })
    if (id !== undefined) return books.has(id) ? answer(response, 200, books.get(id)) : refuse(404)
    if (method === 'GET') {
      const tags = url.searchParams.getAll('tag').every(tag => ['old', 'new'].includes(tag))
      if (!/^[a-f]{2}$/.test(String(headers['x-shelf'])) || !tags || !limit(url.searchParams.get('limit'))) return refuse(422)
      return answer(response, 200, [...books.values()].slice(-3))
    }
    let book
    try {
      book = JSON.parse(body) as Book
    } catch {
      return refuse(400)
    }
    if (!valid(book)) return refuse(422)
    const added = { ...book, id: randomUUID() }
    books.set(added.id, added)
    return answer(response, 201, added)
  }
}

export const PROGRAMS = {
  right: shelf(),
  'any-limit': shelf({ limit: () => true }),
  'long-titles': shelf({
    valid: book => isBook(book) || (book as Book | null)?.title?.length === 21,
  }),
  'deep-fields': shelf({ valid: book => isBook({ ...(book as Book), parts: undefined }) || isBook(book) }),
  crashes: shelf({ valid: book => (book as Book).title.length > 0 && isBook(book) }),
  'as-text': shelf({
    answer: (response, status, json) =>
      response.writeHead(status, { 'x-count': '1', 'content-type': 'text/plain' }).end(JSON.stringify(json)),
  }),
  'no-header': shelf({ answer: (response, status, json) => send(response, status, json) }),
  'loses-titles': shelf({
    answer: (response, status, json) =>
      RULES.answer(response, status, (json as Book).title?.includes('x') ? { ...(json as Book), title: undefined } : json),
  }),
  'other-status': shelf({ answer: (response, status, json) => RULES.answer(response, status === 201 ? 200 : status, json) }),
  refuses: shelf({ valid: () => false }),
  'hangs-up': shelf({
    valid: isBook,
    answer: (response, status, json) => (status === 422 ? response.socket!.destroy() : RULES.answer(response, status, json)),
  }),
} satisfies Record<string, Program>
