import type { Db } from 'assay'

export type Order = {
  id: number
  customer: string
  totalCents: number
  items: { product: string; quantity: number; priceCents: number }[]
}

/** The newest orders as they stand in the tables, in the form of an answer. */
export async function newestOrders(db: Db, limit: number): Promise<Order[]> {
  return db.query<Order>(
    `SELECT orders.id, customers.name AS customer,
            (SELECT coalesce(sum(quantity * price_cents), 0)::integer
             FROM items JOIN products ON products.id = product_id WHERE order_id = orders.id) AS "totalCents",
            ARRAY(SELECT json_build_object('product', products.name, 'quantity', quantity, 'priceCents', price_cents)
                  FROM items JOIN products ON products.id = product_id WHERE order_id = orders.id ORDER BY position) AS items
     FROM orders JOIN customers ON customers.id = customer_id
     ORDER BY orders.id DESC LIMIT $1`,
    [limit],
  )
}

/** How many rows stand in the two tables that placing an order writes. */
export async function countRows(db: Db): Promise<{ orders: number; items: number }> {
  const [counts] = await db.query<{ orders: number; items: number }>(
    'SELECT (SELECT count(*)::integer FROM orders) AS orders, (SELECT count(*)::integer FROM items) AS items',
  )
  return counts!
}

export async function idsOf(db: Db, table: 'customers' | 'products'): Promise<number[]> {
  return (await db.query<{ id: number }>(`SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => id)
}
