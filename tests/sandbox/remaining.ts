import Docker from 'dockerode'

/** The containers that the machine's engine has of a grading, running or not. */
export async function remaining(grading: string): Promise<string[]> {
  const found = await new Docker().listContainers({ all: true, filters: JSON.stringify({ label: [`assay.grading=${grading}`] }) })
  return found.map(({ Id }) => Id)
}
