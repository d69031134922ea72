import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ROLES, type Role } from '../../core/submission.ts'
import { openStore } from '../operate/open-store.ts'
import type { SetupConfig } from '../setup/config.ts'

/** Where the learner's token of the first start is kept, for the command that the welcome shows. */
const TOKEN_FILE = 'learner-token'

/** What a person needs once everything is up: the address, the first tokens (shown once), a command to paste. */
export async function welcome(url: string, config: SetupConfig): Promise<string> {
  const tokens = await firstTokens(config)
  const lines = ['', `Assay is ready at ${url}  (its API: ${url}/reference)`, '']
  if (tokens) {
    lines.push('The first tokens, shown this once ("npx assay token add" makes more):')
    for (const [role, token] of tokens) lines.push(`  ${role.padEnd(8)} ${token}`)
    lines.push('')
  }
  const command = sampleCommand(url, config)
  if (command) lines.push('Submit a sample:', `  ${command}`, '')
  return `${lines.join('\n')}\n`
}

/** One token for each role, when the store has none yet. */
async function firstTokens({ dataDir }: SetupConfig): Promise<[Role, string][] | undefined> {
  await using store = await openStore({ make: false })
  if ((await store.tokens()).length > 0) return undefined
  const made: [Role, string][] = []
  for (const role of ROLES.toReversed()) made.push([role, (await store.addToken({ owner: `first-${role}`, group: 'first', role })).token])
  const [, learner] = made.find(([role]) => role === 'learner')!
  writeFileSync(join(dataDir, TOKEN_FILE), `${learner}\n`, { mode: 0o600 })
  return made
}

function sampleCommand(url: string, { dataDir, exercisesDir }: SetupConfig): string | undefined {
  const sample = firstSample(exercisesDir)
  if (!sample) return undefined
  const tokenFile = join(dataDir, TOKEN_FILE)
  const token = existsSync(tokenFile) ? `$(cat ${shown(tokenFile)})` : '<a token>'
  const address = url === 'http://127.0.0.1:4180' ? '' : `ASSAY_URL=${url} `
  return `${address}ASSAY_TOKEN=${token} npx assay submit ${sample.slug} ${shown(sample.folder)} --watch`
}

function firstSample(exercisesDir: string): { slug: string; folder: string } | undefined {
  for (const slug of namesIn(exercisesDir)) {
    const [name] = namesIn(join(exercisesDir, slug, 'submissions', 'accepted'))
    if (name) return { slug, folder: join(exercisesDir, slug, 'submissions', 'accepted', name) }
  }
  return undefined
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : []
}

function shown(path: string): string {
  const near = relative('', path)
  return near.startsWith('..') ? path : near
}
