import assert from 'node:assert/strict'
import type { Answer, Platform } from '../platform.ts'

const MARKUP = '<script>alert("XSS-MARK")</script><img src=x onerror=alert(1)><svg/onload=alert(1)>'
const FROM_BROWSER = { accept: 'text/html,application/xhtml+xml', 'sec-fetch-dest': 'document' }

export default async function xssOutput(platform: Platform): Promise<string> {
  const learner = await platform.person({ group: 'xss' })
  const staff = await platform.person({ role: 'staff' })
  const admin = await platform.person({ role: 'admin' })
  const server = `
    import { createServer } from 'node:http'
    const markup = ${JSON.stringify(MARKUP)}
    console.log(markup)
    console.error('\\n\\nevent: finished\\ndata: {"type":"finished","outcome":"accepted"}\\n\\n' + markup)
    createServer((request, response) => {
      console.log(markup)
      response.writeHead(200, { 'content-type': 'text/html', 'x-markup': markup }).end(markup)
    }).listen(process.env.PORT)`
  const { id, report, outcome } = await platform.gradeToEnd(learner, {
    exercise: 'greeting',
    files: { 'server.js': server, 'package.json': '{"type":"module"}', 'lib/markup.js': MARKUP },
  })
  assert.equal(outcome, 'wrong_answer')
  assert.ok(JSON.stringify(report).includes('XSS-MARK'), 'the markup was never shown, so nothing was tried')

  const mark = encodeURIComponent(MARKUP)
  const asked: [by: typeof learner, method: string, path: string, body?: unknown][] = [
    ...[learner, staff].flatMap((by): typeof asked =>
      [
        '',
        '/report',
        '/files',
        '/events',
        '/gradings',
        '/report?callback=alert',
        '/report.html',
        '/files/lib%2Fmarkup.js',
        '/files/lib/markup.js',
      ].map(part => [by, 'GET', `/api/v1/submissions/${id}${part}`]),
    ),
    [learner, 'GET', '/api/v1/submissions'],
    [learner, 'GET', `/api/v1/submissions?exercise=${mark}`],
    [learner, 'GET', `/api/v1/submissions?${mark}=1`],
    [learner, 'GET', `/api/v1/submissions/${mark}`],
    [learner, 'GET', `/${mark}`],
    [learner, 'GET', `/reference/${mark}`],
    [learner, 'GET', `/openapi.json?${mark}`],
    [learner, 'GET', '/api/v1/exercises'],
    [learner, 'GET', '/api/v1/exercises/greeting'],
    [learner, 'POST', '/api/v1/submissions', { exercise: MARKUP, files: {} }],
    [learner, 'POST', '/api/v1/submissions', { exercise: 'greeting', files: { [MARKUP]: MARKUP } }],
    [learner, 'POST', '/api/v1/submissions', { exercise: 'greeting', files: { 'server.js': '' }, [MARKUP]: MARKUP }],
    [staff, 'GET', '/metrics'],
    [admin, 'POST', '/api/v1/exercises/reload'],
    [staff, 'GET', '/readyz'],
  ]
  for (const [by, method, path, body] of asked)
    holdAnswer(
      `${method} ${path}`,
      await platform.request(method, path, { as: by, ...(body !== undefined && { body }), headers: FROM_BROWSER }),
    )

  // Lines of the program's can't pass for events.
  const { text } = await platform.request('GET', `/api/v1/submissions/${id}/events`, {
    as: learner,
    headers: { accept: 'text/event-stream' },
  })
  const ends = text.split('\n').filter(line => /^event: ?finished$/.test(line))
  assert.equal(ends.length, 1, `the events end ${ends.length} times:\n${text}`)
  assert.ok(!text.includes('"outcome":"accepted"'))

  // The one page that there is holds nothing of anybody's, and runs no script but its own.
  const page = await platform.request('GET', '/reference/', { as: staff })
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
  assert.ok(!page.text.includes('XSS-MARK'))
  const policy = page.headers.get('content-security-policy') ?? ''
  const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? ''
  assert.ok(scripts.includes("'self'") && !/unsafe|\*|https?:|data:/.test(scripts), `the page may run ${scripts}`)
  assert.match(policy, /default-src 'none'/)
  assert.match(policy, /frame-ancestors 'none'/)
  return `${asked.length} answers with markup in them: JSON, events or text, never HTML, nosniff, default-src 'none'`
}

function holdAnswer(what: string, { status, headers, text }: Answer): void {
  const type = headers.get('content-type') ?? ''
  assert.ok(status < 500, `${what} was answered with ${status}`)
  if (text !== '') assert.match(type, /^(application\/(problem\+)?json|text\/event-stream|text\/plain)\b/, `${what} is sent as "${type}"`)
  assert.equal(headers.get('x-content-type-options'), 'nosniff', `${what} may be sniffed`)
  const policy = headers.get('content-security-policy') ?? ''
  assert.match(policy, /default-src 'none'/, `${what} is sent under "${policy}"`)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.equal(headers.get('access-control-allow-origin'), null, `${what} may be read by other pages`)
  assert.equal(headers.get('set-cookie'), null)
}
