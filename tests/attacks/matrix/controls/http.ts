import type { Control } from '../control.ts'

const CAPS = 'examiner/endpoint/caps.ts'
const EXCHANGE = 'examiner/endpoint/exchange.ts'

/** `named`: the hostile server's way that the guard ends. */
function guard(name: string, file: string, from: string, to: string, named: string): Control {
  const shownBy = [{ test: 'tests/examiner/endpoint/hostile-server.test.ts', named }]
  return { name, group: 'The examiner against a hostile server', takeAway: [{ file, from, to }], shownBy }
}

/** Every cap on what a program may answer. */
export const HTTP_CONTROLS: readonly Control[] = [
  guard('size of headers and trailers', CAPS, 'headerBytes: 32 * KiB', 'headerBytes: 32 * MiB', 'header-bomb'),
  guard('number of headers', CAPS, 'headers: 200', 'headers: 1e6', 'many-headers'),
  guard(
    'number of trailers',
    EXCHANGE,
    'if (pairs(answer.trailers).length > CAPS.headers)',
    'if (pairs(answer.trailers).length > 1e6)',
    'many-trailers',
  ),
  guard('informational answers', CAPS, 'informational: 20', 'informational: 1e9', 'endless-informational'),
  guard('size of a body', CAPS, 'bodyBytes: 8 * MiB', 'bodyBytes: 64 * MiB', 'infinite-body'),
  guard("size of a test's bodies", CAPS, 'bodyBytesOfTest: 32 * MiB', 'bodyBytesOfTest: 4096 * MiB', 'many-at-once'),
  guard('size of an unpacked body', CAPS, 'unpackedBytes: 8 * MiB', 'unpackedBytes: 1024 * MiB', 'unpacks-gzip-bomb'),
  guard('ratio of an unpacked body', CAPS, 'unpackedRatio: 200', 'unpackedRatio: 1e9', 'unpacks-brotli-bomb'),
  guard('number of content encodings', CAPS, 'contentEncodings: 2', 'contentEncodings: 1e4', 'unpacks-encoding-chain'),
  guard('depth of JSON', CAPS, 'jsonDepth: 200', 'jsonDepth: 1e9', 'deep-json'),
  guard('values of JSON', CAPS, 'jsonValuesOfTest: 1_000_000', 'jsonValuesOfTest: 1e12', 'json-of-many-values'),
  {
    name: 'one connection for a request',
    group: 'The examiner against a hostile server',
    takeAway: [{ file: EXCHANGE, from: "if (connected) return callback(new Error('closed'), null)", to: '' }],
    shownBy: [{ test: 'tests/examiner/endpoint/exchange.test.ts' }],
  },
  {
    name: 'what failures quote is cut first',
    group: 'The examiner against a hostile server',
    // Chai's assertions, vitest's that are chai's plug-ins, and its matchers: each quotes by a way of its own.
    takeAway: [
      { file: 'examiner/authoring/expect.ts', from: 'boundedAssert(chai)\n', to: '' },
      { file: 'examiner/authoring/expect.ts', from: 'plugin(own, boundedUtils(utils))', to: 'plugin(own, utils)' },
      { file: 'examiner/authoring/expect.ts', from: 'withBoundedUtils(customMatchers)', to: 'customMatchers' },
    ],
    shownBy: [{ test: 'tests/examiner/endpoint/hostile-server.test.ts' }],
  },
  {
    name: 'a result fits its message',
    group: 'The examiner against a hostile server',
    takeAway: [{ file: 'examiner/clip-results.ts', from: 'return clipTo(clipResults([result])[0]!, ONE)', to: 'return result' }],
    shownBy: [{ test: 'tests/examiner/words.test.ts' }],
  },
]
