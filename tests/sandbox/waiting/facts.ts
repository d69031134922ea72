/*
 * What a program can find out about the process that it runs in, as a CommonJS text that prints one line of JSON.
 * It is laid as facts.cjs; each fact is a function, so that one that throws says so.
 */
export const FACTS = `
const fs = require('fs'), module_ = require('module'), { execFileSync, fork } = require('child_process'), { Worker, isMainThread, threadId } = require('worker_threads')
const { AsyncResource, executionAsyncId } = require('async_hooks')
const descriptors = () => fs.readdirSync('/proc/self/fd').map(Number).sort((a, b) => a - b).map(fd => { try { return fd + ' ' + fs.readlinkSync('/proc/self/fd/' + fd).replace(/\\d+/g, 'n') } catch (error) { return fd + ' ' + error.code } })
const described = object => Object.fromEntries(Reflect.ownKeys(object).map(key => [String(key), Object.getOwnPropertyDescriptor(object, key)]).map(([key, { value, get, set, ...how }]) => [key, [typeof value, typeof get, typeof set, how]]))
const lookedUpByPackage = key => /^[^\\0]*\\0?\\/opt\\/runtime\\/node_modules\\/./.test(key)
const facts = {
  argv: () => process.argv,
  argv0: () => process.argv0,
  execArgv: () => process.execArgv,
  execPath: () => process.execPath,
  title: () => process.title,
  cwd: () => process.cwd(),
  env: () => Object.entries(process.env),
  umask: () => process.umask(),
  'process, its properties': () => described(process),
  'what was preloaded': () => process._preload_modules,
  'exit code': () => [process.exitCode, process.exitCode === undefined],
  listeners: () => process.eventNames().map(name => [String(name), process.listeners(name).map(String)]),
  'what keeps it alive': () => process.getActiveResourcesInfo(),
  globals: () => Object.entries(described(globalThis)).filter(([name]) => !/undici/.test(name)),
  'marks of an HTTP client': () => Object.keys(described(globalThis)).filter(name => /undici/.test(name)),
  'main module': () => [require.main === globalThis.entryModule, require.main && require.main.filename, process.mainModule && process.mainModule.filename],
  'properties of this module': () => described(module),
  'parent and children': () => [module.parent && module.parent.filename, module.children.map(({ id }) => id), module.paths, module.isPreloading],
  'require.cache': () => [Object.keys(require.cache), require.cache === module_._cache, JSON.stringify(Object.values(require.cache).map(({ id, loaded }) => [id, loaded]))],
  'looked up before': () => Object.keys(module_._pathCache).filter(key => !lookedUpByPackage(key)),
  'looked up by packages': () => Object.keys(module_._pathCache).filter(lookedUpByPackage),
  'the loader': () => [described(module_), Object.keys(module_._extensions), module_.globalPaths, String(module_._load), String(module_.prototype.require)],
  'compile cache': () => String(module_.getCompileCacheDir()),
  'stack trace limit': () => Error.stackTraceLimit,
  stack: () => new Error('here').stack,
  'descriptors': () => descriptors(),
  'next descriptor': () => { const fd = fs.openSync('/dev/null'); fs.closeSync(fd); return fd },
  stdin: () => { const { mode, rdev, ino, dev } = fs.fstatSync(0); const flags = fs.readFileSync('/proc/self/fdinfo/0', 'utf8').match(/flags:.*/)[0].replace(/0?2(?=.{6}$)/, ''); return [mode, rdev, fs.readSync(0, Buffer.alloc(1)), process.stdin.constructor.name, process.stdin.isTTY, flags] },
  'stdout and stderr': () => [process.stdout.constructor.name, process.stdout.isTTY, process.stdout.writableLength, process.stderr.constructor.name, process.stdout._handle && process.stdout._handle.hasRef()],
  'the kernels view': () => fs.readFileSync('/proc/self/status', 'utf8').split('\\n').filter(line => /^(Name|Umask|Gid|Groups|Sig(Q|Pnd|Blk|Ign|Cgt)|ShdPnd|Cap...|NoNewPrivs|Seccomp)/.test(line)),
  limits: () => fs.readFileSync('/proc/self/limits', 'utf8'),
  'session and group': () => { const fields = fs.readFileSync('/proc/self/stat', 'utf8').replace(/.*\\) /s, '').split(' '); return [fields[2] == process.pid, fields[3] == process.pid, fields[15], fields[16]] },
  'comm': () => fs.readFileSync('/proc/self/comm', 'utf8'),
  'files of the box': () => ['/work', '/tmp', '/dev/shm'].flatMap(folder => [folder, ...fs.readdirSync(folder, { recursive: true })]),
  'nodes options': () => [process.allowedNodeEnvironmentFlags.size, process.config.variables.napi_build_version, process.env.NODE_OPTIONS],
  'a child': () => execFileSync(process.execPath, ['-p', 'JSON.stringify([process.argv, process.execArgv, Object.keys(process.env), Object.keys(require.cache)])'], { encoding: 'utf8' }),
  'async ids': () => [executionAsyncId(), new AsyncResource('x').asyncId() - new AsyncResource('x').asyncId()],
  'an async id': () => new AsyncResource('x').asyncId(),
  'its age': () => Math.floor(process.uptime() * 1e6),
  'its own clock': () => performance.timeOrigin,
  'processor time': () => process.cpuUsage(),
  'memory': () => process.memoryUsage(),
  'command line': () => fs.readFileSync('/proc/self/cmdline', 'utf8'),
  'modules of Node': () => process.moduleLoadList,
}
const who = !isMainThread ? 'a worker thread: ' : process.send ? 'a forked process: ' : ''
for (const [name, find] of Object.entries(facts)) {
  let value
  try { value = find() } catch (error) { value = 'threw ' + error.stack }
  console.log('FACT ' + JSON.stringify([who + name, value]))
}
if (who === '') fork(__filename).on('exit', () => new Worker(__filename))
`
