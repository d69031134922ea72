/** Figures as a reader wants them: two or three digits that mean something. */

export function milliseconds(value: number): string {
  return `${digits(value)} ms`
}

export function times(value: number): string {
  return `${digits(value)}×`
}

export function mebibytes(bytes: number): string {
  return `${digits(bytes / 2 ** 20)} MiB`
}

export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size >= 1000) return Math.round(value).toLocaleString('en-US')
  return value.toFixed(size >= 20 ? 0 : size >= 2 ? 1 : 2)
}
