// Kills every process that it may, its keepers first.
import { createServer } from 'node:http'

createServer(() => process.kill(-1, 'SIGKILL')).listen(process.env.PORT)
