import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SETTINGS } from '../core/settings.ts'

export const SETTINGS_PAGE = join(import.meta.dirname, '../docs/operators/settings.md')

/** docs/operators/settings.md, from the one list of settings; `npm run settings` writes it. */
export function settingsPage(): string {
  const rows = Object.entries(SETTINGS).map(([name, { default: value, readBy, meaning }]) => {
    const shown = value === '' ? '' : `\`${value}\``
    return `| \`${name}\` | ${shown} | ${readBy} | ${escaped(meaning)} |`
  })
  return `# Settings

Environment variables, read once when a process starts. An empty one counts as not set. Made from \`core/settings.ts\` by \`npm run settings\`.

| setting | default | read by | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}

/** Meanings are plain text; a table cell would take these for markup. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}

if (import.meta.main) writeFileSync(SETTINGS_PAGE, settingsPage())
