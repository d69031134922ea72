import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleOf, grade, hiddenFile, type Grading } from '../../../support/examiner-harness.ts'
import { startProbedServer, type ProbedServer } from './probed-server.ts'
import { PROGRAMS } from './programs.ts'

/** What each probe must say of each program: words of its failure, or nothing where the program is safe. */
type Probe = { code: string; programs: Partial<Record<keyof typeof PROGRAMS, string | undefined>> }

const parts = [{ alg: 'HS256' }, { sub: 'ada' }].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
const JWT = `Bearer ${parts}.${createHmac('sha256', 'key').update(parts).digest('base64url')}`

const PROBES: Record<string, Probe> = {
  objectAccess: {
    code: `
      const [owner, other] = [{ authorization: 'Bearer 6f1d2c3b4a596877' }, { authorization: 'Bearer 0a1b2c3d4e5f6071' }]
      const secret = random.text(30)
      const { id } = (await http.post('/PROGRAM', { json: { text: secret }, headers: owner })).json
      await probes.objectAccess({
        owner, other, secret,
        read: as => http.get('/PROGRAM/' + id, { headers: as }),
        change: as => http.patch('/PROGRAM/' + id, { json: { text: 'taken' }, headers: as }),
        remove: as => http.delete('/PROGRAM/' + id, { headers: as }),
      })`,
    programs: {
      'notes-safe': undefined,
      'notes-quiet': undefined,
      'notes-read': 'another user is shown what is the owner',
      'notes-changed': 'another user has changed what is the owner',
      'notes-removed': 'another user has removed what is the owner',
      'notes-open': 'another user is shown what is the owner',
    },
  },
  missingAuthentication: {
    code: `await probes.missingAuthentication(as => http.get('/PROGRAM', { headers: { 'x-other': '1', ...as } }), { as: { authorization: 'Bearer 6f1d2c3b4a596877' } })`,
    programs: {
      'page-safe': undefined,
      'page-open': 'the request is served to anybody',
      'page-any': 'with an empty token in the header authorization',
      'page-long': 'with a made-up token of the same length in the header authorization',
      'page-beginning': 'with one character of the token changed in the header authorization',
      'page-nobody': 'the request with its sign-in was not answered as it should be',
    },
  },
  unsignedTokens: {
    code: `await probes.missingAuthentication(as => http.get('/PROGRAM', { headers: as }), { as: { authorization: '${JWT}' } })`,
    programs: { 'jwt-safe': undefined, 'jwt-none': 'the token without its signature' },
  },
  massAssignment: {
    code: `
      await probes.massAssignment({
        send: extra => http.post('/PROGRAM', { json: { name: random.name(), ...extra } }),
        read: ({ json }) => http.get('/PROGRAM/' + json.id),
        fields: { role: 'admin', isAdmin: true },
      })`,
    programs: {
      'users-safe': undefined,
      'users-echo': undefined,
      'users-strict': undefined,
      'users-spread': 'the request has set role, which is not its to set',
      'users-snake': 'the request has set isAdmin, which is not its to set',
    },
  },
  pathTraversal: {
    code: `await probes.pathTraversal(name => http.get('/PROGRAM', { query: { name } }), { value: 'programs.ts', files: { '../learner-server.ts': /startLearnerServer/ } })`,
    programs: {
      'files-safe': undefined,
      'files-joined': '"../../../../../../../../../../../../etc/passwd"',
      'files-twice': '%2e%2e%2f',
      'files-once-taken-out': '....//',
      'files-not-far': '"../learner-server.ts"',
    },
  },
  headerInjection: {
    code: `await probes.headerInjection(title => http.post('/PROGRAM', { json: { title } }), { value: 'tea' })`,
    programs: {
      'header-safe': undefined,
      'header-throws': undefined,
      'header-by-hand-clean': undefined,
      'header-by-hand': 'among its headers "x-',
      'header-by-hand-decoded': '%0d%0a',
      'header-by-hand-low-bytes': 'Header injection',
    },
  },
  openRedirect: {
    code: `await probes.openRedirect(to => http.get('/PROGRAM', { query: { to } }), { value: '/notes' })`,
    programs: {
      'redirect-safe': undefined,
      'redirect-any': '"https://',
      'redirect-slash': '"//',
      'redirect-one-slash': '"/\\\\',
    },
  },
  verboseErrors: {
    code: `await probes.verboseErrors(body => http.post('/PROGRAM', { body }), { json: { name: 'tea', count: 3 } })`,
    programs: {
      'errors-safe': undefined,
      'errors-page': undefined,
      'errors-stack': 'holds a stack trace',
      'errors-stack-page': 'holds a stack trace',
      'errors-sql': 'holds SQL',
      'errors-database': "holds the database's own words",
      'errors-path': 'holds a path in the file system',
    },
  },
}

const CASES = Object.entries(PROBES).flatMap(([probe, { code, programs }]) =>
  Object.entries(programs).map(([program, words]) => ({ probe, program, words, code: code.replaceAll('PROGRAM', program) })),
)

let server: ProbedServer
let results: Grading['results']
beforeAll(async () => {
  server = await startProbedServer(PROGRAMS)
  const tests = CASES.map(({ probe, program, code }) => {
    const id = `${probe}-${program}`.toLowerCase()
    return `test('${id}', { id: '${id}', task: 'one' }, async ({ http }) => {${code}})`
  })
  results = (await grade(bundleOf(hiddenFile(`import { probes } from 'assay'\n${tests.join('\n')}`)), { subject: server.port })).results
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

describe('a safe program passes, a weak one fails by what it does', () => {
  test.each(CASES)('$probe: $program', ({ probe, program, words }) => {
    const { status, message = '' } = results[`${probe}-${program}`.toLowerCase()]!
    if (words === undefined) expect({ status, message }).toEqual({ status: 'passed', message: '' })
    else {
      expect(status).toBe('failed')
      expect(message).toContain(words)
    }
  })
})

test('a failure says what was sent, what came, why that is a weakness and what to look for', () => {
  const failures = Object.values(results).filter(({ message }) => message?.includes('\nSent: '))
  expect(failures.length).toBeGreaterThan(20)
  for (const { message } of failures) {
    expect(message).toMatch(/^[^\n]{20,200}\.\nSent: [^]+\nCame: [^]+\n[^]{60,}\nLook for: [^\n]{40,}\n\nat tests\/hidden\/a\.test\.ts:\d+/)
    expect(message!.length).toBeLessThan(2_000)
  }
})

test('what a probe sends is another for each grading', async () => {
  const sent: string[] = []
  await using own = await startProbedServer({ tea: ({ body }, response) => (sent.push(body), response.end()) })
  const code = `import { probes } from 'assay'\ntest('it', { id: 'it', task: 'one' }, ({ http }) => probes.headerInjection(title => http.post('/tea', { json: { title } }), { value: 'tea' }))`
  const bundle = bundleOf(hiddenFile(code))
  const heard = async (seed: number) => {
    await grade(bundle, { subject: own.port }, { seed })
    return sent.splice(0)
  }
  const [one, other] = [await heard(1), await heard(2)]
  expect([one.length, one[0]]).toEqual([other.length, other[0]])
  expect(one.slice(1).filter(body => other.includes(body))).toEqual([])
})
