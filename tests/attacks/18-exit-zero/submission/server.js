// Ends well, as a program does whose tests have passed.
import { createServer } from 'node:http'

createServer(() => process.exit(0)).listen(process.env.PORT)
