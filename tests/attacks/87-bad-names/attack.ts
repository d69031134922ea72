import { buildTar, pax } from '../../server/uploads/build-tar.ts'
import { buildZip } from '../../server/uploads/build-zip.ts'
import type { Platform } from '../platform.ts'
import { allRefused, type Upload } from '../platform-uploads.ts'

const NAMES = [
  'server.js\0.txt',
  '\0',
  'a\u0001.js',
  'a\u001b[2J.js',
  'a\u001b]52;c;AAAA\u0007.js',
  'a\u007f.js',
  'a\u0085.js',
  'a\u009b31m.js',
  'a\nb.js',
  'a\rb.js',
  'a\tb.js',
  '\u202esj.revres',
  'a\u2066b\u2069.js',
  'a\u200b.js',
  '\ufeffserver.js',
  'a\u00ad.js',
  'a\u{e0041}.js',
  'a\u2028b.js',
  '😀.js',
  'ｓerver.js',
  'sеrver.js',
  'e\u0301.js',
  'x'.repeat(201),
  'x'.repeat(4096),
  `${'x/'.repeat(9)}x.js`,
  '',
  ' ',
  ' server.js',
  'server.js ',
  'lib /x.js',
  'a:b.js',
  'a|b.js',
  'a*b.js',
  'a?b.js',
  'a<b>.js',
  'a"b.js',
  "a'b.js",
  'a`id`.js',
  'a\\b.js',
  'a%00.js',
]

export default function badNames(platform: Platform): Promise<string> {
  const right = { name: 'server.js', content: 'x' }
  const latin = (text: string) => Buffer.from(text, 'latin1')
  const broken = [
    latin('s\xffrver.js'),
    latin('\xc0\xae\xc0\xae/x.js'),
    latin('\xed\xa0\x80.js'),
    latin('\xf4\x90\x80\x80.js'),
    latin('x\xe2\x80.js'),
  ]
  const json = (name: string) => `{"exercise":"greeting","files":{"server.js":"x","${name}":"x"}}`
  const uploads: Upload[] = [
    ...NAMES.flatMap((name): Upload[] => [
      [`${JSON.stringify(name.slice(0, 30))} in a map`, { 'server.js': 'x', [name]: 'x' }],
      [`${JSON.stringify(name.slice(0, 30))} in a zip`, buildZip([right, { name, content: 'x' }])],
      [`${JSON.stringify(name.slice(0, 30))} in a tar`, buildTar([right, pax({ path: name }), { name: 'short', content: 'x' }])],
    ]),
    ...broken.flatMap((name): Upload[] => [
      [`${name.toString('hex')} in a zip`, buildZip([right, { name, content: 'x' }])],
      [`${name.toString('hex')} in a zip that says it is UTF-8`, buildZip([right, { name, content: 'x', flags: 0x800 }])],
      [`${name.toString('hex')} in a tar`, buildTar([right, { name, content: 'x' }])],
    ]),
    ['a lone surrogate in a map', json('\\ud800.js')],
    ['a surrogate the wrong way round', json('\\udc00\\ud800.js')],
    ['a NUL in a map, escaped', json('a\\u0000.js')],
    ['the prototype in a map', json('__proto__')],
    ['the prototype in a map, escaped', json('\\u005f_proto__')],
  ]
  return allRefused(platform, uploads)
}
