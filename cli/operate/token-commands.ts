import type { Role } from '../../core/submission.ts'
import { CommandError, EXIT } from '../errors.ts'
import { cleanLine } from '../render/clean.ts'
import { table } from '../render/layout.ts'
import { openTerminal } from '../terminal.ts'
import { openStore } from './open-store.ts'

export type TokenOptions = { group: string; role: Role; json?: true }

/** Prints the token alone on stdout, so that a script can take it; it is never shown again. */
export async function addTokenCommand(owner: string, { group, role, json }: TokenOptions): Promise<void> {
  const terminal = openTerminal()
  await using store = await openStore({ make: true })
  const { id, token } = await store.addToken({ owner, group, role })
  if (json) terminal.json({ id, owner, group, role, token })
  else terminal.print(token)
  terminal.tell(`Token ${id} of ${owner} (${role}, group ${group}). It is not shown again; use it as ASSAY_TOKEN.`)
}

export async function listTokensCommand({ json }: { json?: true }): Promise<void> {
  const terminal = openTerminal()
  await using store = await openStore({ make: false })
  const tokens = await store.tokens()
  if (json) return terminal.json({ items: tokens })
  const rows = tokens.map(({ id, owner, group, role, createdAt, revokedAt }) => [
    id,
    cleanLine(owner),
    cleanLine(group),
    role,
    createdAt.slice(0, 10),
    revokedAt ? `revoked ${revokedAt.slice(0, 10)}` : '',
  ])
  if (rows.length === 0) return terminal.tell('There are no tokens; "assay token add <owner>" makes one.')
  const titles = ['Id', 'Owner', 'Group', 'Role', 'Made', '']
  terminal.print(
    table(
      titles.map(title => ({ title })),
      rows,
      terminal.style,
      { indent: '' },
    ),
  )
}

export async function revokeTokenCommand(id: string, { json }: { json?: true }): Promise<void> {
  const terminal = openTerminal()
  await using store = await openStore({ make: false })
  // A whole token is what people have at hand when one must go.
  const named = /^asy_([0-9a-f]+)_/.exec(id)?.[1] ?? id
  const revoked = await store.revokeToken(named)
  if (!revoked) throw new CommandError(EXIT.notFound, `There is no valid token ${named}; "assay token list" shows them.`)
  if (json) terminal.json({ id: named, revoked })
  else terminal.print(`Token ${named} is revoked.`)
}
