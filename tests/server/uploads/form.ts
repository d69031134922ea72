/** A form's part: a field, or a file when it has a file name. */
export type Part = { name: string; value: string | Buffer; filename?: string; type?: string }

const BOUNDARY = 'the-boundary-of-this-test'
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`

export function buildForm(parts: readonly Part[], end = `--${BOUNDARY}--\r\n`): Buffer {
  return Buffer.concat([
    ...parts.flatMap(({ name, value, filename, type }) => [
      Buffer.from(
        `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n` +
          `${filename === undefined && type === undefined ? '' : `content-type: ${type ?? 'application/octet-stream'}\r\n`}\r\n`,
      ),
      Buffer.from(value as string),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(end),
  ])
}

/** What a person sends: the exercise's name and the archive, under whatever file name. */
export function formOf(archive: Buffer, fields: Record<string, string> = {}, filename = 'work.zip'): Buffer {
  const named = Object.entries({ exercise: 'hello', ...fields }).map(([name, value]) => ({ name, value }))
  return buildForm([...named, { name: 'archive', value: archive, filename }])
}
