import { readFileSync, rmSync } from 'node:fs'

/** Removes what package-lock.json marks as development's from node_modules, where no npm is at hand (the Dockerfile). */
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
for (const [path, { dev }] of Object.entries(packages)) if (dev) rmSync(path, { recursive: true, force: true })
