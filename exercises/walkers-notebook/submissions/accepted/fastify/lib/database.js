import pg from 'pg'

pg.types.setTypeParser(20, Number)
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 12 })

export async function query(sql, values) {
  const { rows } = await pool.query(sql, values)
  return rows
}
