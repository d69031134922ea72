import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SETTINGS_PAGE, settingsPage } from '../../cli/settings-table.ts'

test('the table of settings is current (npm run settings makes it)', () => {
  expect(readFileSync(SETTINGS_PAGE, 'utf8')).toBe(settingsPage())
})
