// A few MiB at a time in every way that Node has beside its heap, and in mappings by perl. The JVM's own ways come with Java.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { constants, createDeflate } from 'node:zlib'

const MiB = 1024 ** 2
const kept = []
const ways = [
  () => Buffer.allocUnsafeSlow(4 * MiB).fill(1),
  () => new Uint8Array(new WebAssembly.Memory({ initial: 64 }).buffer).fill(1),
  () => new Uint8Array(new SharedArrayBuffer(4 * MiB)).fill(1),
  () => structuredClone(new Uint8Array(4 * MiB).fill(1)),
  () => createDeflate({ level: 9, memLevel: 9, windowBits: constants.Z_MAX_WINDOWBITS }).end(Buffer.alloc(65_536)),
]
const map =
  'my $m = shift eq "arm64" ? 222 : 9; pipe my $r, my $w; syswrite $w, "x" x 65536; while (1) { my $page = syscall $m, 0, 4194304, 3, 0x8022, -1, 0; sleep 60 if $page < 0 }'

createServer(() => {
  spawn('/usr/bin/perl', ['-e', map, process.arch], { stdio: 'ignore' }).on('error', () => {})
  let turn = 0
  const more = () => {
    const way = turn++ % ways.length
    console.log('way', way)
    kept.push(ways[way]())
    setImmediate(more)
  }
  more()
}).listen(process.env.PORT)
