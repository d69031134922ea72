import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { send, type Program } from './probed-server.ts'

const FOLDER = import.meta.dirname
const TOKENS: Record<string, string> = { 'Bearer 6f1d2c3b4a596877': 'ada', 'Bearer 0a1b2c3d4e5f6071': 'bob' }

/** Notes of which each belongs to somebody; `open` says which methods forget to look at whose. */
function notes(...open: string[]): Program {
  const kept = new Map<string, { id: string; owner: string; text: string }>()
  return ({ method, parts: [id], headers, body }, response) => {
    const user = TOKENS[headers.authorization ?? '']
    if (!user && !open.includes('nobody')) return send(response, 401, { error: 'unauthorized' })
    if (method === 'POST') {
      const note = { id: randomUUID(), owner: user!, text: (JSON.parse(body) as { text: string }).text }
      kept.set(note.id, note)
      return send(response, 201, note)
    }
    const note = kept.get(id!)
    if (!note || (note.owner !== user && !open.includes(method) && !open.includes('nobody')))
      // An answer that says nothing, and a 200 at that: what counts is the effect.
      return open.includes('quiet') ? send(response, 200, {}) : send(response, 404, { error: 'not_found' })
    if (method === 'PATCH') note.text = (JSON.parse(body) as { text: string }).text
    if (method === 'DELETE') kept.delete(note.id)
    return send(response, 200, note)
  }
}

/** A page for users who have signed in; `checks` says what a sign-in is. */
function page(checks: (authorization: string | undefined) => boolean): Program {
  return ({ headers }, response) =>
    checks(headers.authorization) ? send(response, 200, { secret: 1 }) : send(response, 401, { error: 'unauthorized' })
}

function verified(authorization: string | undefined, noneWillDo: boolean): boolean {
  const [header, payload, signature] = (authorization ?? '').replace('Bearer ', '').split('.')
  if (!header || !payload) return false
  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg: string }
  if (noneWillDo && alg === 'none') return true
  return alg === 'HS256' && signature === createHmac('sha256', 'key').update(`${header}.${payload}`).digest('base64url')
}

type User = Record<string, unknown>

/** Users with a role that they can't choose; `make` says what of a request's body is kept. */
function users(make: (body: User) => { status: number; kept: User; told?: User }): Program {
  const kept = new Map<string, User>()
  return ({ method, parts: [id], body }, response) => {
    if (method === 'GET') return send(response, 200, { user: kept.get(id!) })
    const made = make(JSON.parse(body) as User)
    const user = { role: 'member', ...made.kept, id: randomUUID() }
    if (made.status < 400) kept.set(user.id, user)
    return send(response, made.status, { ...user, ...made.told })
  }
}

function files(read: (name: string) => string): Program {
  return ({ url }, response) => {
    let text
    try {
      text = read(url.searchParams.get('name')!)
    } catch {
      return send(response, 404, { error: 'not_found', name: url.searchParams.get('name') })
    }
    return response.end(text)
  }
}

function redirect(isOwn: (to: string) => boolean): Program {
  return ({ url }, response) => {
    const to = url.searchParams.get('to')!
    if (!isOwn(to)) return send(response, 422, { error: 'invalid', to })
    return response.writeHead(302, { location: to }).end()
  }
}

/** A program that takes a name and a number; what it says of anything else is `said`. */
function refusing(said: (error: Error, body: string) => unknown): Program {
  return ({ body }, response) => {
    try {
      const { name, count } = JSON.parse(body) as { name: string; count: number }
      if (!name.trim() || !Number.isSafeInteger(count)) throw new RangeError('out of range')
      return send(response, 201, { name, count })
    } catch (error) {
      const answer = said(error as Error, body)
      if (typeof answer === 'string') return response.writeHead(400, { 'content-type': 'text/html' }).end(answer)
      return send(response, 400, answer)
    }
  }
}

const inHeader =
  (clean: (title: string) => string): Program =>
  ({ body }, response) =>
    response
      .writeHead(200, { 'content-disposition': `attachment; filename="${clean((JSON.parse(body) as { title: string }).title)}.txt"` })
      .end('text')

const byHand =
  (clean: (title: string) => string): Program =>
  ({ body }, response) => {
    const { title } = JSON.parse(body) as { title: string }
    response.socket!.end(`HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\nx-title: ${clean(title)}\r\n\r\n`)
  }

export const PROGRAMS = {
  'notes-safe': notes(),
  'notes-quiet': notes('quiet'),
  'notes-read': notes('GET'),
  'notes-changed': notes('PATCH', 'quiet'),
  'notes-removed': notes('DELETE'),
  'notes-open': notes('nobody'),
  'page-safe': page(authorization => authorization !== undefined && authorization in TOKENS),
  'page-open': page(() => true),
  'page-any': page(authorization => authorization !== undefined),
  'page-long': page(authorization => /^Bearer \w{8,}/.test(authorization ?? '')),
  'page-beginning': page(authorization => (authorization ?? '').startsWith('Bearer 6f1d2c')),
  'page-nobody': page(() => false),
  'jwt-safe': page(authorization => verified(authorization, false)),
  'jwt-none': page(authorization => verified(authorization, true)),
  'users-safe': users(({ name }) => ({ status: 201, kept: { name } })),
  'users-echo': users(body => ({ status: 201, kept: { name: body['name'] }, told: body })),
  'users-strict': users(({ name, ...more }) => ({ status: Object.keys(more).length > 0 ? 422 : 201, kept: { name } })),
  'users-spread': users(body => ({ status: 201, kept: body })),
  'users-snake': users(body => ({ status: 201, kept: { name: body['name'], is_admin: body['isAdmin'] } })),
  'files-safe': files(name => readFileSync(join(FOLDER, basename(name)), 'utf8')),
  'files-joined': files(name => readFileSync(join(FOLDER, name), 'utf8')),
  'files-twice': files(name => {
    if (name.includes('..')) throw new Error('no')
    return readFileSync(join(FOLDER, decodeURIComponent(name)), 'utf8')
  }),
  'files-once-taken-out': files(name => readFileSync(join(FOLDER, name.replaceAll('../', '')), 'utf8')),
  'files-not-far': files(name => {
    if (name.split('..').length > 2) throw new Error('no')
    return readFileSync(join(FOLDER, name), 'utf8')
  }),
  'header-safe': inHeader(title => title.replaceAll(/[^\w ]/g, '_')),
  'header-throws': inHeader(title => title),
  'header-by-hand': byHand(title => title),
  'header-by-hand-clean': byHand(title => encodeURIComponent(title)),
  'header-by-hand-decoded': byHand(title => decodeURIComponent(title.replaceAll(/[\r\n]/g, ''))),
  'header-by-hand-low-bytes': byHand(title => Buffer.from(title.replaceAll(/[\r\n]/g, ''), 'latin1').toString('latin1')),
  'redirect-safe': redirect(to => URL.canParse(to, 'http://own') && new URL(to, 'http://own').origin === 'http://own'),
  'redirect-any': redirect(() => true),
  'redirect-slash': redirect(to => to.startsWith('/')),
  'redirect-one-slash': redirect(to => to.startsWith('/') && !to.startsWith('//')),
  'errors-safe': refusing((_, body) => ({ error: 'invalid', fields: { severity: 'high' }, given: body.slice(0, 100) })),
  'errors-page': refusing(
    () => '<html><script src="/home/app.js"></script>Please select a name from the list; update your form (or wait at 12:30:45).</html>',
  ),
  'errors-stack': refusing(error => ({ error: error.stack })),
  'errors-stack-page': refusing(error => `<pre>${error.stack!.replaceAll('\n', '<br> &nbsp; &nbsp;').replaceAll('"', '&quot;')}</pre>`),
  'errors-sql': refusing(() => ({ error: 'INSERT INTO things (name, count) VALUES ($1, $2)' })),
  'errors-database': refusing(() => ({ error: 'null value in column "name" of relation "things" violates not-null constraint' })),
  'errors-path': refusing(() => ({ error: "ENOENT: no such file or directory, open 'things.json'" })),
} satisfies Record<string, Program>
