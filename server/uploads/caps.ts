import { LIMITS } from '../../core/limits.ts'

const MiB = 1024 * 1024

/**
 * What an archive may cost before the exercise's own limits are looked at; core/limits.ts has the ceilings of those. An
 * archive is held in memory and so is what comes out of it, nothing is ever written to a disk.
 */
export const CAPS = {
  /** As it comes; above it 413. */
  archiveBytes: LIMITS.allFilesBytes.ceiling * 1.5,
  /** Files, folders and what is passed over. */
  entries: 2 * LIMITS.files.ceiling,
  fileBytes: LIMITS.fileBytes.ceiling,
  /** All that is unpacked, counted as it comes out. */
  contentBytes: LIMITS.allFilesBytes.ceiling,
  /** Text is packed to a fifth or a tenth. What unpacks to a hundred times its size, and to more than the free bytes, is a bomb. */
  ratio: 100,
  freeBytes: MiB,
  /** Blocks of a tar that hold no content: a header each, padding, the end. */
  tarOverheadBytes: 2 * MiB,
  /** One extended header of a tar. */
  tarHeaderBytes: 64 * 1024,
} as const
