import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export type Rule = { from: string; own: string[]; packages: string[] }

/** The rows of ARCHITECTURE.md's table under "Who may import what". */
export function rulesOf(architecture: string): Rule[] {
  const section = architecture.split('## Who may import what')[1] ?? ''
  const rows = section.split('\n').filter(line => line.startsWith('| `'))
  return rows.map(row => {
    const [from, own, packages] = row.split('|').slice(1, 4)
    return { from: words(from!)[0]!, own: words(own!), packages: words(packages!) }
  })
}

function words(cell: string): string[] {
  return cell
    .replaceAll('`', '')
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '')
}

/** Every import of every TypeScript file below the rules' folders that the rules don't allow, as "file → import". */
export function forbiddenImports(root: string, rules: readonly Rule[]): string[] {
  const folders = [...new Set(rules.map(rule => rule.from.split('/')[0]!))]
  return folders
    .flatMap(folder => typescriptFiles(join(root, folder)))
    .flatMap(file => {
      const path = relative(root, file)
      const rule = longest(rules, path, each => each.from)
      if (!rule) return []
      return importsOf(file)
        .filter(specifier => !isAllowed(rule, path, specifier))
        .map(specifier => `${path} → ${specifier}`)
    })
}

function isAllowed(rule: Rule, path: string, specifier: string): boolean {
  if (specifier.startsWith('node:')) return true
  if (!specifier.startsWith('.')) return rule.packages.some(name => specifier === name || specifier.startsWith(`${name}/`))
  const target = join(dirname(path), specifier)
  const entry = longest(rule.own, target, each => each.replace('!', ''))
  return entry !== undefined && !entry.startsWith('!')
}

function longest<T>(items: readonly T[], path: string, prefix: (item: T) => string): T | undefined {
  const matching = items.filter(item => (prefix(item).endsWith('/') ? path.startsWith(prefix(item)) : path === prefix(item)))
  return matching.sort((a, b) => prefix(b).length - prefix(a).length)[0]
}

function importsOf(file: string): string[] {
  const code = readFileSync(file, 'utf8')
  return [
    ...code.matchAll(
      /^\s*(?:import|export)\b[^'"]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm,
    ),
  ].map(match => match[1] ?? match[2] ?? match[3]!)
}

function typescriptFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !/(^|\/)(node_modules|submissions|starter)\//.test(name))
    .map(name => join(folder, name))
    .filter(file => statSync(file).isFile())
}
