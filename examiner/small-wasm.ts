import { setFlagsFromString } from 'node:v8'

let small = false

/**
 * Keeps V8's optimising compiler away from WebAssembly: it takes 600 MB to compile the SQL parser, and gains nothing in so short a
 * life. To be called before a WebAssembly module is made. Not on the command line: with flags there that change what
 * V8 compiles, Node's own modules don't fit the code that Node brings for them, and each is compiled anew (12 ms of 60).
 * --liftoff-only implies the other two on a command line only.
 */
export function keepWasmSmall(): void {
  if (small) return
  small = true
  for (const flag of ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag)
}
