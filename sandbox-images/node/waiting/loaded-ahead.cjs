'use strict'

/*
 * Packages that were loaded before the program that asks for them. They stand in require.cache where nobody sees them; when one
 * is asked for, it and what it brought appear there as if all had been loaded at that moment.
 *
 * Node asks twice: whether the cache has the module, then, with the module among the children of whoever asks, whether it is
 * `loaded`. Both are accessors until then. An `import` asks the cache between the two for what a package exports again, in order
 * to know the names, and what is first asked for by that has no parent.
 *
 * Whoever changes something that packages look at while they load, as the environment, gets them loaded anew.
 */
const { readFileSync } = require('node:fs')
const Module = require('node:module')

/** Where packages find each other (resolve-all.cjs). */
const resolved = JSON.parse(readFileSync(`${__dirname}/resolved.json`, 'utf8'))

/** What was not asked for yet. */
const hidden = new Set()
/** Of what was asked for: what the cache gave and was not looked at yet. */
const given = new Set()
/** Module → what it brought first without having it for a child: an ES module has none. */
const brought = new Map()
const askedFor = new Set()
/** What packages may look at while they load, as it was then. */
let then

/** Returns what each package exports, by its name. */
exports.loadAhead = function loadAhead(names) {
  const loaded = {}
  const { _resolveFilename } = Module
  Module._resolveFilename = function (request, parent) {
    const known = resolved[parent?.filename]
    return known && Object.hasOwn(known, request) ? known[request] : _resolveFilename.apply(this, arguments)
  }
  for (const name of names) {
    // What can't be loaded is left for the program to find out.
    try {
      const filename = require.resolve(name)
      loaded[name] = Module._load(filename, undefined, false)
      askedFor.add(Module._cache[filename])
    } catch {}
  }
  Module._resolveFilename = _resolveFilename
  return loaded
}

/** Uses what was loaded. What packages note of that where others see it, in their exports and as their children, is undone. */
exports.useUnseen = function useUnseen(use) {
  const modules = Object.values(Module._cache)
  const before = modules.map(({ children, exports }) => ({ known: children.length, kept: Object.getOwnPropertyDescriptors(exports) }))
  use()
  for (const [index, { known, kept }] of before.entries()) {
    const { children, exports } = modules[index]
    children.length = known
    for (const [name, { value, writable }] of Object.entries(kept)) if (writable && exports[name] !== value) exports[name] = value
  }
}

/** Comes last: what is in the cache by then is all from here. */
exports.hide = function hide() {
  const all = Object.values(Module._cache)
  const children = new Set(all.flatMap(module => module.children))
  for (const [index, module] of all.entries()) {
    if (!children.has(module) && !askedFor.has(module)) brought.set(all[index - 1], module)
    hideModule(module)
  }
  then = surroundings()
}

function hideModule(module) {
  const { filename } = module
  hidden.add(module)
  Object.defineProperty(Module._cache, filename, {
    configurable: true,
    enumerable: false,
    get() {
      if (!isAsThen()) return forgetAll()
      give(module)
      return module
    },
    set(other) {
      hidden.delete(module)
      showAt(filename, other)
    },
  })
}

function give(module) {
  show(module)
  // Asked for by an import, for its names.
  if ([...given].some(({ children }) => children.includes(module))) module.parent = undefined
  given.add(module)
  Object.defineProperty(module, 'loaded', {
    configurable: true,
    enumerable: true,
    get() {
      // Nobody, where it is asked for by an import.
      module.parent = Object.values(Module._cache).find(({ children }) => children?.at(-1) === module)
      showWithChildren(module)
      return true
    },
    set(value) {
      setLoaded(module, value)
    },
  })
}

/** In the order in which they were loaded. */
function showWithChildren(module) {
  if (hidden.has(module)) show(module)
  else if (given.has(module)) setLoaded(module, true)
  else return
  for (const child of [brought.get(module) ?? [], module.children].flat()) showWithChildren(child)
}

function show(module) {
  hidden.delete(module)
  showAt(module.filename, module)
}

function showAt(filename, module) {
  delete Module._cache[filename]
  Module._cache[filename] = module
}

function setLoaded(module, value) {
  given.delete(module)
  Object.defineProperty(module, 'loaded', { configurable: true, enumerable: true, writable: true, value })
}

function forgetAll() {
  for (const { filename } of hidden) delete Module._cache[filename]
  hidden.clear()
}

function isAsThen() {
  const now = surroundings()
  return now.length === then.length && now.every((each, index) => each === then[index])
}

function surroundings() {
  const functions = [Module, Module.prototype, Module._extensions].flatMap(each => Object.values(Object.getOwnPropertyDescriptors(each)))
  return [process.cwd(), JSON.stringify(process.env), ...functions.map(({ value }) => value)]
}
