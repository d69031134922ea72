import type { App } from '../../../server/app.ts'

/** Every route that is served, as `GET /api/v1/submissions/{id}`, from the framework's own tree: its lines stand four characters further in than what they continue. */
export function routesOf(app: App): string[] {
  const above: string[] = []
  const all = app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap(line => {
      const [, indent, path, methods] = /^(.*)[├└]── (\S+)(?: \((.+)\))?$/.exec(line) ?? []
      if (indent === undefined || path === undefined) return []
      const depth = indent.length / 4
      above.length = depth
      above[depth] = path
      const whole = above.join('').replaceAll(/:(\w+)/g, '{$1}')
      return (methods?.split(', ') ?? []).map(method => `${method} ${whole}`)
    })
  return all.filter(route => !/^(HEAD|OPTIONS) /.test(route) && !/\/reference|\/openapi\.json|\*$/.test(route))
}
