import { copyFile, mkdir, rename, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { checkBackup, type BackupCheck } from '../../server/store/sqlite.ts'
import { CommandError, EXIT } from '../errors.ts'
import { count } from '../render/quantities.ts'
import { openTerminal } from '../terminal.ts'
import { holdersOf } from './file-holders.ts'
import { openStore, storeFile } from './open-store.ts'

export async function backupCommand(file: string, { json }: { json?: true }): Promise<void> {
  const terminal = openTerminal()
  const to = resolve(file)
  if (await isThere(to)) throw new CommandError(EXIT.usage, `${to} is there already; a backup is written to a new file.`)
  {
    await using store = await openStore({ make: false })
    await store.backup(to)
  }
  // A backup that nobody has read may be none.
  const check = await checkBackup(to)
  const { size } = await stat(to)
  if (json) terminal.json({ file: to, bytes: size, ...check })
  else terminal.print(`${to}: ${contents(check)}, ${size} bytes.`)
  if (!check.ok) throw new CommandError(EXIT.graderFault, `The backup can't be restored from: ${check.findings.join('; ')}`)
}

export async function restoreCommand(file: string, { check: checkOnly, json }: { check?: true; json?: true }): Promise<void> {
  const terminal = openTerminal()
  const from = resolve(file)
  if (!(await isThere(from))) throw new CommandError(EXIT.notFound, `There is no file ${from}.`)
  const check = await checkBackup(from)
  if (!check.ok) {
    if (json) terminal.json({ file: from, ...check })
    throw new CommandError(EXIT.failed, `${from} can't be restored from: ${check.findings.join('; ')}`)
  }
  const kept = checkOnly ? undefined : await putInPlace(from, storeFile())
  if (json) terminal.json({ file: from, ...check, restored: !checkOnly, ...(kept && { kept }) })
  else if (checkOnly) terminal.print(`${from} can be restored: ${contents(check)}.`)
  else terminal.print(`Restored ${from}: ${contents(check)}.${kept ? ` The store from before is kept at ${kept}.` : ''}`)
}

/** Puts the backup where the store is; what stood there is moved aside, not deleted. */
async function putInPlace(from: string, store: string): Promise<string | undefined> {
  const holders = await holdersOf(store)
  if (holders.length > 0)
    throw new CommandError(EXIT.usage, `The store ${store} is in use by process ${holders.join(', ')}; end the server before restoring.`)
  await mkdir(dirname(store), { recursive: true, mode: 0o700 })
  const arriving = `${store}.arriving`
  await copyFile(from, arriving)
  const kept = (await isThere(store))
    ? join(dirname(store), `before-restore-${new Date().toISOString().replaceAll(':', '-')}.sqlite`)
    : undefined
  if (kept) {
    // The write-ahead log belongs to the store that goes; left behind, it would be played into the one that comes.
    for (const part of ['', '-wal', '-shm']) if (await isThere(`${store}${part}`)) await rename(`${store}${part}`, `${kept}${part}`)
  }
  await rename(arriving, store)
  return kept
}

function contents({ version, counts }: BackupCheck): string {
  const { submissions, gradings, exerciseVersions, tokens } = counts
  return `store version ${version}, ${count(submissions, 'submission')}, ${count(gradings, 'grading')}, ${count(exerciseVersions, 'exercise version')}, ${count(tokens, 'token')}`
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
