// Whoever imports from node:http has Node look at all its exports, and load a whole HTTP client for three of them.
export { createServer } from 'node:http'
