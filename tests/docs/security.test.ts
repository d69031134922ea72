import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readAttacks, readBenign, readSkipped, SECTIONS } from '../attacks/attack.ts'
import { CONTROLS } from '../attacks/matrix/controls.ts'

/* docs/security.md counts attacks and controls; the counts are true. */
const told = readFileSync(resolve(import.meta.dirname, '../../docs/security.md'), 'utf8')

test('attacks are counted as they are, section by section', async () => {
  const numbers = (attacks: readonly { number: number; section: number }[], section: number) =>
    new Set(attacks.filter(attack => attack.section === section).map(({ number }) => number)).size
  const [attacks, skipped] = await Promise.all([readAttacks(), readSkipped()])
  for (const [section, title] of Object.entries(SECTIONS)) {
    const [here, waiting] = [numbers(attacks, Number(section)), numbers(skipped, Number(section))]
    const row = told.split('\n').find(line => line.startsWith(`| ${section} `))
    const cells = row?.split('|').map(cell => cell.trim())
    expect(cells?.slice(1, 5), `section ${section}`).toEqual([section, title, String(here), String(waiting)])
  }
})

test('controls and honest work are counted as they are', async () => {
  expect(told).toContain(`${CONTROLS.length} controls`)
  expect(told).toContain(`${(await readBenign()).length} pieces of honest work`)
})
