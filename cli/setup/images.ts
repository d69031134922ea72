import { GraderError } from '../../core/errors.ts'
import type { ImageName } from '../../core/runtimes.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { pruneImages } from '../../worker/sandbox/docker/prune-images.ts'
import { loadBoxProfile } from './apparmor.ts'
import { canInstallPackages, installPackages } from './packages.ts'

export type MadeImages = { built: ImageName[]; unchanged: ImageName[] }
type Options = { dockerHost: string; log: (line: string) => void; only?: ImageName[]; fresh?: boolean }

/**
 * Makes what boxes need on the engine at `dockerHost`: the sandbox images that are missing or out of date, and their
 * AppArmor profile on a host that has it. Where no image registry
 * answers, the base is built with mmdebstrap, which is installed for that if it may be.
 */
export async function makeImages(options: Options): Promise<MadeImages> {
  const made = await ensured(options)
  await loadBoxProfile(options)
  // What an upgrade has made superfluous goes once others had time to do without it.
  if (made.built.length > 0) for (const ref of await pruneImages(options)) options.log(`removed ${ref}`)
  return made
}

async function ensured(options: Options): Promise<MadeImages> {
  try {
    return await ensureImages(options)
  } catch (error) {
    if (!(error instanceof GraderError) || error.code !== 'MMDEBSTRAP_MISSING' || !canInstallPackages()) throw error
    await installPackages(['mmdebstrap', 'debian-archive-keyring'], options.log)
    return ensureImages(options)
  }
}

export function wordsFor({ built, unchanged }: MadeImages): string {
  return built.length > 0 ? `built ${built.join(', ')}` : `${unchanged.length} up to date`
}
