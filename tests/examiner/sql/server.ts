import { startPostgres } from '../../support/postgres.ts'

export const startServer = () => startPostgres('h6-pg', '/pgdata/db')
