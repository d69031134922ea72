import type { Program } from './run-both.ts'

/** Programs whose whole output and end are the same from a plain start and from a warm one. */
export const PROGRAMS: Record<string, Program> = {
  // How a program ends.
  'it prints and ends': { files: { 'server.js': "console.log('out'); console.error('err')" } },
  'it ends with a code': { files: { 'server.js': "process.on('exit', code => console.log('exit', code)); process.exit(7)" } },
  'it sets an exit code': { files: { 'server.js': 'process.exitCode = 9' } },
  'it ends itself by a signal': { files: { 'server.js': "process.kill(process.pid, 'SIGKILL')" } },
  'it aborts': { files: { 'server.js': "process.kill(process.pid, 'SIGABRT')" } },
  'it throws': { files: { 'server.js': "function f() { throw new TypeError('no') }\nf()" } },
  'it throws what is no error': { files: { 'server.js': 'throw { some: "thing" }' } },
  'it throws later': { files: { 'server.js': "require('express'); setTimeout(() => { throw new Error('later') }, 5)" } },
  'it throws below a package': {
    files: { 'server.js': "const express = require('express')\nexpress().get('/', undefined)" },
  },
  'it rejects': { files: { 'server.js': "Promise.reject(new Error('nobody listens'))" } },
  'it rejects with no error': { files: { 'server.mjs': "await Promise.reject('text')" }, entry: 'server.mjs' },
  'it catches all': {
    files: { 'server.js': "process.on('uncaughtException', (error, origin) => console.log(error.stack, origin)); null.x" },
  },
  'it warns': { files: { 'server.js': "process.emitWarning('careful'); new Buffer(1)" } },
  'it goes too deep': { files: { 'server.js': 'function f() { f() }\ntry { f() } catch (error) { console.log(error.stack) }' } },
  'it waits for nothing': { files: { 'server.mjs': 'await new Promise(() => {})' }, entry: 'server.mjs' },

  // How an entry is read.
  'the entry is missing': { files: { 'other.js': '' } },
  'the entry is in a folder': {
    files: { 'src/main.js': 'console.log(__filename, process.argv, require.main === module)' },
    entry: 'src/main.js',
  },
  'the entry is a folder': { files: { 'server.js/index.js': 'console.log(__filename, process.argv)' } },
  'the entry lacks its extension': { files: { 'server.js': 'console.log(__filename, process.argv)' }, entry: 'server' },
  'a syntax error': { files: { 'server.js': 'const a = 1\nconst = 2\n' } },
  'a syntax error in an ES module': { files: { 'server.mjs': 'const a = 1\nexport const = 2\n' }, entry: 'server.mjs' },
  'a syntax error in what it requires': { files: { 'server.js': "require('./b')", 'b.js': 'let let = 1' } },
  'ES syntax, and nothing says so': {
    files: { 'server.js': "import fs from 'node:fs'; console.log(typeof fs.readSync, import.meta.main, typeof require)" },
  },
  'package.json says that it is an ES module': {
    files: {
      'package.json': '{"type":"module"}',
      'server.js': 'console.log(typeof require, import.meta.main, import.meta.filename, this)',
    },
  },
  'package.json says that it is CommonJS': { files: { 'package.json': '{"type":"commonjs"}', 'server.js': "import 'node:fs'" } },
  'package.json above the entry’s own': {
    files: {
      'package.json': '{"type":"commonjs"}',
      'src/package.json': '{"type":"module"}',
      'src/main.js': 'console.log(import.meta.url)',
    },
    entry: 'src/main.js',
  },
  'package.json is broken': { files: { 'package.json': '{"type":', 'server.js': '' } },
  'package.json has names for its files': {
    files: {
      'package.json': '{"name":"mine","type":"module","exports":{"./a":"./a.js"},"imports":{"#b":"./b.js"}}',
      'a.js': "export default 'a'",
      'b.js': "export default 'b'",
      'server.js': "import a from 'mine/a'; import b from '#b'; console.log(a, b)",
    },
  },
  'a required file asks for names of package.json': {
    files: {
      'package.json': '{"name":"mine","exports":{"./a":"./a.js"},"imports":{"#b":"./b.js"}}',
      'a.js': "module.exports = 'a'",
      'b.js': "module.exports = 'b'",
      'server.js': "console.log(require('mine/a'), require('#b'))",
    },
  },
  TypeScript: { files: { 'server.ts': 'const a: number = 1\nconsole.log(a, process.argv)' }, entry: 'server.ts' },
  'TypeScript that can’t be stripped': { files: { 'server.ts': 'enum A { b }\nconsole.log(A.b)' }, entry: 'server.ts' },
  'top-level await': {
    files: { 'server.mjs': "console.log(await new Promise(done => setTimeout(done, 5, 'waited')), import.meta)" },
    entry: 'server.mjs',
  },
  'it is the main module': {
    files: {
      'server.mjs':
        "import { main } from './other.mjs'; import { createRequire } from 'node:module'; console.log(import.meta.main, main, createRequire(import.meta.url).main, process.mainModule)",
      'other.mjs': 'export const { main } = import.meta',
    },
    entry: 'server.mjs',
  },

  // What it asks for.
  'a package that is not there': { files: { 'server.js': "require('express')\nrequire('cors')" } },
  'a package that is not there, imported': { files: { 'server.mjs': "import 'express'\nimport 'cors'" }, entry: 'server.mjs' },
  'a name that a package does not export': { files: { 'server.mjs': "import { listen } from 'express'" }, entry: 'server.mjs' },
  'an Express of its own': {
    files: {
      'node_modules/express/package.json': '{"name":"express","main":"mine.js"}',
      'node_modules/express/mine.js': "module.exports = 'my own'; console.log(Object.keys(require.cache), require('debug').name)",
      'server.js': "console.log(require('express'), require.resolve('express'))",
    },
  },
  'an Express of its own, imported': {
    files: {
      'node_modules/express/package.json': '{"name":"express","type":"module","exports":"./mine.js"}',
      'node_modules/express/mine.js': "export default 'my own'",
      'server.mjs': "import express from 'express'; console.log(express, import.meta.resolve('express'))",
    },
    entry: 'server.mjs',
  },
  'a part of Express of its own': {
    files: {
      'node_modules/debug/package.json': '{"name":"debug","main":"mine.js"}',
      'node_modules/debug/mine.js': "module.exports = 'my own'",
      'server.js': "require('express'); console.log(require('debug'), Object.keys(require.cache).filter(name => /debug/.test(name)))",
    },
  },
  'a file beside it that is called like a package': {
    files: { 'express.js': "module.exports = 'a file'", 'server.js': "console.log(require('./express'), typeof require('express'))" },
  },
  'Express required and imported is one': {
    files: {
      'server.mjs':
        "import express, { Router, json } from 'express'; import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); console.log(require('express') === express, express.Router === Router, json === express.json, (await import('express')).default === express, Object.keys(require.cache))",
    },
    entry: 'server.mjs',
  },
  'what Express has in it': {
    files: {
      'server.js':
        "const express = require('express'); console.log(Object.keys(express), require('module')._cache[require.resolve('express')])",
    },
  },
  'require.cache, package by package': {
    files: {
      'server.js': `
        const tell = () => console.log(Object.values(require.cache).map(({ id, parent, loaded, children }) => [id, parent && parent.id, loaded, children.map(({ id }) => id)]))
        for (const name of ['debug', 'pg-types', 'express', 'fastify', 'pg']) { require(name); tell() }`,
    },
  },
  'require.cache, import by import': {
    files: {
      'server.mjs': `
        import { createRequire } from 'node:module'
        const { cache } = createRequire(import.meta.url)
        for (const name of ['debug', 'express', 'pg', 'fastify']) { console.log(Object.keys(await import(name))); console.log(Object.values(cache).map(({ id, parent, loaded, children }) => [id, parent && parent.id, loaded, children.map(({ id }) => id)])) }`,
    },
    entry: 'server.mjs',
  },
  'a package taken out of require.cache': {
    files: {
      'server.js':
        "const one = require('express'); delete require.cache[require.resolve('express')]; console.log(require('express') === one, Object.keys(require.cache))",
    },
  },
  'a package put into require.cache': {
    files: {
      'server.js':
        "require.cache[require.resolve('express')] = { exports: 'mine', loaded: true }; console.log(require('express'), Object.keys(require.cache))",
    },
  },
  'a package that asks for another': {
    files: {
      'server.js':
        "const app = require('express')(); app.set('view engine', 'ejs'); try { app.render('index', {}, console.log) } catch (error) { console.log(error) }",
    },
  },
  'a package that asks for another, required below the entry': {
    files: {
      'server.js': "require('./lib/app')",
      'lib/app.js':
        "const app = require('express')(); app.set('view engine', 'ejs'); try { app.render('index', {}, console.log) } catch (error) { console.log(error) }",
    },
  },
  'a package that asks for another, imported': {
    files: {
      'server.mjs':
        "import express from 'express'; const app = express(); app.set('view engine', 'ejs'); try { app.render('index', {}, console.log) } catch (error) { console.log(error) }",
    },
    entry: 'server.mjs',
  },
  'a setting made before a package is loaded': {
    files: { 'server.js': "process.env.DEBUG = 'express:*'; process.env.DEBUG_HIDE_DATE = '1'; require('express')()" },
  },
  'a loader of its own': {
    files: {
      'server.js':
        "const Module = require('module'), { _load } = Module; const asked = []; Module._load = function (name) { asked.push(name); return _load.apply(this, arguments) }; require('pg'); console.log(asked)",
    },
  },
  'another folder, before a package is loaded': {
    files: { 'server.js': "process.chdir('/tmp'); console.log(typeof require('express'), process.cwd())" },
  },

  // What it is given.
  NODE_ENV: {
    files: { 'server.js': "console.log(process.env.NODE_ENV, require('express')().get('env'))" },
    env: { NODE_ENV: 'production' },
  },
  NODE_OPTIONS: {
    files: {
      'server.js':
        "console.log(process.execArgv, process.env.NODE_OPTIONS); console.log(require('child_process').execFileSync(process.execPath, ['-p', 'process.title']).toString())",
    },
    env: { NODE_OPTIONS: '--title=other' },
  },
  timers: {
    files: {
      'server.js':
        "setTimeout(() => console.log('1000'), 1000); setTimeout(() => { console.log('1'); setImmediate(() => console.log('immediate')) }, 1); process.nextTick(() => console.log('tick')); Promise.resolve().then(() => console.log('then')); console.log('first')",
    },
  },
  'a cluster': {
    files: {
      'server.js':
        "const cluster = require('cluster'); if (cluster.isPrimary) cluster.fork().on('exit', code => console.log('ended', code, cluster.settings)); else { console.log(process.argv, process.execArgv, Object.keys(require.cache)); process.exit(3) }",
    },
  },

  // What it answers.
  'Express answers': {
    files: {
      'package.json': '{"type":"module"}',
      'server.js':
        "import express from 'express'; const app = express(); app.get('/', (request, response) => response.set('date', 'x').json({ ok: request.headers })); app.get('/bad', () => { throw new Error('bad') }); app.listen(process.env.PORT, process.env.HOST, () => console.log('listening'))",
    },
    env: { NODE_ENV: 'production' },
    asks: ['/', '/bad', '/none'],
  },
  'Fastify answers, loaded ahead': {
    files: {
      'server.mjs':
        "import Fastify from 'fastify'; const app = Fastify(); app.get('/', { schema: { querystring: { type: 'object', required: ['a'] } } }, (request, reply) => reply.header('date', 'x').send({ a: request.query.a })); await app.listen({ port: 8080 })",
    },
    entry: 'server.mjs',
    imports: ['fastify'],
    asks: ['/?a=1', '/', '/none'],
  },
  'Fastify answers, not loaded ahead': {
    files: { 'server.js': "const app = require('fastify')(); app.get('/', async () => 'hello'); app.listen({ port: 8080 })" },
    asks: ['/'],
  },
  'Express reads a body': {
    files: {
      'server.js': `
        const express = require('express'), app = express().use(express.json()).post('/', ({ body }, response) => response.json(body))
        const loaded = () => Object.keys(require.cache).length
        const server = app.listen(process.env.PORT, process.env.HOST, async () => {
          console.log(loaded())
          const response = await fetch('http://127.0.0.1:' + process.env.PORT, { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } })
          console.log(await response.text(), loaded())
          process.exit()
        })`,
    },
  },
  'it imports from node:http': {
    files: {
      'server.mjs':
        "import * as http from 'node:http'; import { WebSocket } from 'http'; console.log(Object.keys(http), WebSocket === globalThis.WebSocket)",
    },
    entry: 'server.mjs',
  },
  'it reads its stdin': {
    files: { 'server.js': "process.stdin.on('data', console.log).on('end', () => console.log('end of stdin'))" },
  },
}
