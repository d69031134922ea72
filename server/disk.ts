import { statfs } from 'node:fs/promises'

export type Disk = { freeBytes: number; totalBytes: number }

/** Room on the disk that holds a folder, as far as we may use it. */
export async function diskOf(folder: string): Promise<Disk> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}
