// Goes through the image for what its making left there: histories, caches, keys, sources, and names of who made it where.
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:http'

/** Names that an image has no use for. */
const LEFT = [
  [/(^|\/)\.(git|svn|hg|gitignore|gitmodules|github|ci|npm|npmrc|yarnrc|yarn|cache|config|aws|docker|ssh|gnupg|kube|netrc|pgpass|env|bash_history|node_repl_history|viminfo|dockerignore)$/, 'residue'],
  [/(^|\/)(Dockerfile|docker-compose\.ya?ml|\.dockerfile|build\.log|npm-debug\.log|core\.\d+|id_(rsa|ed25519)|authorized_keys|credentials(\.json)?|secrets?(\.json|\.ya?ml)?)$/i, 'residue'],
  [/^\/var\/(lib\/apt\/lists|cache\/apt\/archives|log|cache\/debconf|backups|tmp|mail|spool)\/.*[^/]$/, 'leftover'],
  [/^\/(root|home|srv|mnt|media|tmp|boot|opt\/assay|app|src|build|usr\/src|run\/secrets|kaniko|workspace)\/.*/, 'leftover'],
  [/\.(test|spec)\.[cm]?[jt]s$|(^|\/)(exercise\.yaml|reference\.sql|tests\.json|sample\.yaml|hidden|visible)$/, 'test'],
  [/\.(pem|key|p12|pfx|jks|kdbx|sqlite3?|db)$/, 'store'],
]
/** A package's own tests and settings came with it, for all to read; the distribution's certificates are public. */
const PUBLIC = /^\/opt\/runtime\/node_modules\/|^\/usr\/(share|lib\/ssl)\/|^\/etc\/(ssl|ca-certificates)|^\/usr\/lib\/x86_64|^\/usr\/lib\/aarch64/
/** Words that stand in files of ours, and in none that a learner may read. */
const OURS = /worker-api|grade-submission|hidden tests|fencing|ASSAY_[A-Z]+|REDIS_URL|BEGIN (RSA|OPENSSH|EC|PGP) PRIVATE|_authToken|aws_secret|ghp_[A-Za-z0-9]{20}|glpat-|npm_[A-Za-z0-9]{30}|registry\.npmjs\.org\/:|CANARY-/
/** All of ours that this box needs, a program. */
const AGENT = '/opt/agent'

let files = 0
const ours = []
function look(path, stat) {
  const what = LEFT.find(([pattern]) => pattern.test(path))
  if (what && !PUBLIC.test(path) && (stat.isFile() || what[1] === 'residue')) console.log(`OPEN ${what[1]} ${path}`)
  if (stat.isSymbolicLink() && /assay|examiner|\/work\/main|workspace/.test(readlinkSync(path))) console.log(`OPEN link ${path}`)
  if (stat.isFile()) {
    files++
    if (path.startsWith(AGENT)) ours.push(path)
    if ((stat.size < 400_000 || path === AGENT) && path !== import.meta.filename) {
      const found = OURS.exec(readFileSync(path, 'latin1'))
      if (found) console.log(`OPEN word ${found[0]} in ${path}`)
    }
  }
  // An image whose files bear the time of their making tells of the machine; who owns them tells of its users.
  if (stat.uid !== 0 && stat.uid < 10_000 && !/^\/(dev|proc|sys)/.test(path)) console.log(`OPEN owner ${stat.uid} of ${path}`)
}
function walk(folder) {
  let names = []
  try {
    names = readdirSync(folder)
  } catch {}
  for (const name of names) {
    const path = folder === '/' ? `/${name}` : `${folder}/${name}`
    if (['/proc', '/sys', '/dev', '/work'].includes(path)) continue
    try {
      const stat = lstatSync(path)
      look(path, stat)
      if (stat.isDirectory()) walk(path)
    } catch {}
  }
}
walk('/')
for (const path of ours) if (path !== AGENT) console.log(`OPEN source ${path}`)
for (const [name, value] of Object.entries(process.env)) {
  if (!['PORT', 'HOST', 'HOME', 'LANG', 'NODE_ENV', 'PATH', 'PWD', 'SHLVL', '_'].includes(name)) console.log(`OPEN variable ${name}=${value}`)
}
// What the base was made with, in the package manager's own books: no version of a package is older than its list, no key is left.
for (const path of ['/etc/apt/auth.conf', '/etc/apt/auth.conf.d', '/etc/apt/apt.conf.d/proxy', '/etc/apt/apt.conf.d/00proxy', '/etc/environment', '/.dockerinit', '/etc/machine-id', '/var/lib/dbus/machine-id']) {
  try {
    const text = lstatSync(path).isDirectory() ? readdirSync(path).join() : readFileSync(path, 'utf8').trim()
    if (text) console.log(`OPEN ${path} holds ${text.slice(0, 80)}`)
  } catch {}
}
console.log('went through', files > 1000 ? 'thousands of' : 'few', 'files; of ours', ours.length)

createServer((request, response) => response.end('{}')).listen(process.env.PORT)
