'use strict'

/*
 * A program that waits: what a warm start of a Node submission preloads (core/runtimes.ts, sandbox-images/agent/waiting.go).
 *
 *   node --require /opt/runtime/waiting/waiting.cjs /work/server.js
 *
 * Node runs this before it looks at the entry file, which is not there yet. It loads the packages that are likely to be used,
 * says with one byte on stdout that it waits, and blocks until the learner's files are laid. Then it takes its traces away and
 * returns, and Node runs the entry as the main module, in its own way. What the learner's code could still tell is listed in
 * tests/sandbox/waiting/differences.ts.
 *
 * stdin carries the box agent's two messages: a line of JSON, { folder, modules }, and the byte that says go. The end of stdin
 * says that nobody will.
 */
const { execArgv } = process
const fs = require('node:fs')
const Module = require('node:module')
const { isMainThread } = require('node:worker_threads')

takeTracesAway()
// Worker threads of the learner's program come by here, too.
if (isMainThread) {
  const { folder, modules } = JSON.parse(readLine())
  // Not earlier: Node looks for a package.json where it starts, and would remember that there was none.
  process.chdir(folder)
  const { loadAhead, useUnseen, hide } = require('./loaded-ahead.cjs')
  const { express } = loadAhead(modules)
  // A large regular expression, which is compiled at its first use: when a server listens.
  require('node:net').isIPv6('::1')
  const { practise } = require('./practise.cjs')
  useUnseen(() => practise(express))
  takeTracesAway()
  hide()
  wait()
}

function readLine() {
  let text = ''
  while (!text.endsWith('\n')) text += read(4096)
  return text
}

function wait() {
  fs.writeSync(1, '\0')
  read(1)
  // As in a plain start: nothing to read, and no other descriptor than there would be.
  fs.closeSync(0)
  fs.openSync('/dev/null', 'r')
}

function read(length) {
  const buffer = Buffer.alloc(length)
  const got = fs.readSync(0, buffer)
  if (got === 0) process.exit(1)
  return buffer.toString('utf8', 0, got)
}

function takeTracesAway() {
  for (const name of Object.keys(require.cache)) if (name.startsWith(`${__dirname}/`)) delete require.cache[name]
  for (const key of Object.keys(Module._pathCache)) delete Module._pathCache[key]
  // What child processes inherit.
  execArgv.length = 0
  Object.defineProperty(process, '_preload_modules', { value: [] })
}
