import { cp, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import type { OutputOptions, Plugin } from 'rolldown'
import { GraderError } from '../../../core/errors.ts'

/*
 * The examiner as few files. From its sources it would be some three hundred small modules, found, read and linked one by one
 * in a process that grades once: that takes longer than all else it does before its first test.
 *
 *   main.js, assay.js, their chunks    ours, with the packages that most gradings need. Nothing is renamed, so that a stack can
 *                                      be read; test files import the same modules that main.js runs.
 *   node_modules/{fast-check,ajv}      one file each, loaded when a test first touches them (examiner/authoring/)
 *   node_modules/libpg-query           as it is: it looks for its WebAssembly beside itself
 */
const ENTRIES = { main: 'examiner/main.ts', assay: 'examiner/assay.ts' }
/** Started by the image's build alone. */
const REHEARSAL = { rehearse: 'examiner/rehearse.ts' }
/** Packages that stay packages: squeezed into the one file that is asked of them, or as they are. */
const SQUEEZED = { 'fast-check': 'lib/cjs/fast-check.js', ajv: 'dist/2020.js' }
const WHOLE = ['libpg-query', '@pgsql/types']

/** Bundles what lies in `from` (core/, examiner/, node_modules/ …) into the empty folder `to`, as it will stand at /opt/assay. */
export async function bundleExaminer(from: string, to: string): Promise<void> {
  const external = [...Object.keys(SQUEEZED), ...WHOLE]
  const isExternal = (id: string) => external.some(name => id === name || id.startsWith(`${name}/`))
  const ours: OutputOptions = { dir: to, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name].js' }
  await bundle(from, ENTRIES, ours, isExternal)
  await bundle(from, REHEARSAL, { file: join(to, 'rehearse.js'), format: 'esm', codeSplitting: false })
  for (const [name, file] of Object.entries(SQUEEZED)) {
    const path = `node_modules/${name}/${file}`
    await bundle(from, { [name]: path }, { file: join(to, path), format: 'cjs', codeSplitting: false })
    await writeFile(join(to, 'node_modules', name, 'package.json'), JSON.stringify({ name, main: file }))
  }
  for (const name of WHOLE) {
    const filter = (path: string) => !/\.(?:d\.[cm]?ts|map|md)$/.test(path)
    await cp(join(from, 'node_modules', name), join(to, 'node_modules', name), { recursive: true, filter })
  }
  await writeFile(join(to, 'package.json'), JSON.stringify({ name: 'assay', type: 'module', exports: { '.': './assay.js' } }))
}

async function bundle(
  from: string,
  input: Record<string, string>,
  output: OutputOptions,
  external?: (id: string) => boolean,
): Promise<void> {
  // Here, so that a worker that makes no images doesn't load it.
  const { rolldown } = await import('rolldown')
  await using bundling = await rolldown({
    cwd: from,
    input,
    platform: 'node',
    // The packages' folder is a link; its own place says nothing in a stack.
    resolve: { symlinks: false },
    ...(external && { external }),
    plugins: [builtins(), withoutHttp2()],
    // Schemas that nobody asks for stay out.
    treeshake: { manualPureFunctions: ['z'] },
    onLog: (level, log) => {
      if (level === 'warn') throw new GraderError('IMAGE_BUNDLE', `The examiner could not be bundled: ${log.message}`)
    },
  })
  await bundling.write(output)
}

/**
 * Node's own modules by process.getBuiltinModule. An import statement reads all that such a module exports, and some make that
 * when it is first read: `import … from 'node:http'` takes 70 ms of processor time more.
 */
function builtins(): Plugin {
  const MARK = '\0builtin:'
  return {
    name: 'builtins',
    // The bundler's own few lines need createRequire before anything else runs.
    resolveId: id => (isBuiltin(id) && id !== 'node:module' ? MARK + id : undefined),
    load: id => (id.startsWith(MARK) ? `module.exports = process.getBuiltinModule(${JSON.stringify(id.slice(MARK.length))})` : undefined),
  }
}

/** undici without its HTTP/2, which is switched off (examiner/endpoint/exchange.ts): Node's own takes 30 ms to load. */
function withoutHttp2(): Plugin {
  const MARK = '\0no-http2'
  return {
    name: 'without-http2',
    resolveId: (id, importer) => (id === './client-h2.js' && importer?.includes('/node_modules/undici/') ? MARK : undefined),
    load: id => (id === MARK ? `module.exports = () => { throw new Error('HTTP/2 is switched off') }` : undefined),
  }
}
