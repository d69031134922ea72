/** What is wrong with a clone's node_modules, in a few words; undefined when it is as package-lock.json says. */
export function stalePackages(root: string): string | undefined
