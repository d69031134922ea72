import { escapeLiteral, type Client } from 'pg'
import type { QueryManifest } from '../../../core/exercise.ts'
import type { Expected } from '../compare.ts'
import type { PreparedQuery } from '../prepare-query.ts'
import { expectedRows, type Reference } from '../reference-answer.ts'
import { SUPERUSER } from '../roles.ts'
import { closeSession, createDatabase, openSession } from '../server.ts'
import { shuffledTables, shuffleTables, type ShuffledTable } from '../shuffle.ts'
import { askerIn, verdictOn, type Asker } from './asker.ts'
import type { DrawnRow, Row } from './generate.ts'
import { insertRow } from './insert-rows.ts'
import type { TableFacts } from './schema-facts.ts'

/*
 * A database in which data sets are tried: rows laid, the reference and mutants asked, rows taken away again.
 *
 * A data set says something against a mutant only where the right answer to it is beyond doubt: the reference and every
 * accepted sample give the same, and give it again whatever order the rows lie in. Otherwise the exercise's own statement
 * leaves open what is right there, and a data set like that would refuse right solutions.
 */
export class Laboratory implements AsyncDisposable {
  readonly #owner: Client
  readonly #asker: Asker
  readonly #lab: LaboratoryParts
  readonly #shuffled: ShuffledTable[]

  private constructor(lab: LaboratoryParts, owner: Client, shuffled: ShuffledTable[]) {
    this.#lab = lab
    this.#owner = owner
    this.#shuffled = shuffled
    this.#asker = askerIn(lab.server, DATABASE, lab.manifest)
  }

  static async open(lab: LaboratoryParts): Promise<Laboratory> {
    await createDatabase(lab.server.admin, DATABASE)
    const owner = await openSession(lab.server.connect, SUPERUSER, DATABASE)
    await owner.query('CREATE TEMPORARY TABLE assay_laid (row integer, variant integer)')
    return new Laboratory(lab, owner, await shuffledTables(owner))
  }

  /** Empties the tables and lays rows, of each the first variant that every constraint allows; gives those that lie there now. */
  async lay(rows: readonly DrawnRow[]): Promise<Row[]> {
    const tables = new Map(this.#lab.tables.map(table => [table.name, table]))
    const inserts = rows.map(({ table, variants }) => {
      const list = variants.map(values => escapeLiteral(insertRow(tables.get(table)!, values)))
      return `ARRAY[${list.join(', ')}]`
    })
    await this.#owner.query(`BEGIN; ${this.#empty()}; DELETE FROM pg_temp.assay_laid; ${inserts.map(laying).join('')} COMMIT`)
    const laid = await this.#owner.query<{ row: number; variant: number }>('SELECT row, variant FROM pg_temp.assay_laid ORDER BY row')
    return laid.rows.map(({ row, variant }) => ({ table: rows[row]!.table, values: rows[row]!.variants[variant - 1]! }))
  }

  /** What the reference answers to the rows that lie there; undefined where it fails, which no data set of an exercise may make it. */
  async expected(): Promise<Expected | undefined> {
    const { reference, manifest, server } = this.#lab
    const answer = await this.#asker.use(session => expectedRows(session, reference, manifest, server.killer))
    return 'type' in answer ? undefined : answer
  }

  /** Whether a statement gives something else than what is expected of the rows that lie there. Being slow says nothing. */
  async differs(text: string, expected: Expected): Promise<boolean> {
    return verdictOn(await this.#asker.ask(text), expected, this.#lab.manifest) === 'differs'
  }

  /**
   * Those of the texts that give something else than the reference in each of some orders in which the rows may lie. None
   * where the right answer is in doubt. To be asked only of rows that lie there; they lie in another order after it.
   */
  async told(texts: readonly string[], orders: number): Promise<string[]> {
    const first = await this.expected()
    if (!first || (await this.#anyDiffers(this.#lab.accepted, first))) return []
    let left = await this.#differing(texts, first)
    for (let order = 1; order <= orders && left.length > 0; order++) {
      await shuffleTables(this.#owner, this.#shuffled, order)
      const { text } = this.#lab.reference.statement
      if (await this.#anyDiffers([text, ...this.#lab.accepted], first)) return []
      left = await this.#differing(left, first)
    }
    return left
  }

  async #differing(texts: readonly string[], expected: Expected): Promise<string[]> {
    const found: string[] = []
    for (const text of texts) if (await this.differs(text, expected)) found.push(text)
    return found
  }

  async #anyDiffers(texts: readonly string[], expected: Expected): Promise<boolean> {
    for (const text of texts) if (verdictOn(await this.#asker.ask(text), expected, this.#lab.manifest) !== 'same') return true
    return false
  }

  #empty(): string {
    return this.#lab.tables.toReversed().map(({ name }) => `DELETE FROM ${name}`).join('; ')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#asker[Symbol.asyncDispose]()
    await closeSession(this.#owner)
  }
}

export type LaboratoryParts = {
  server: Pick<PreparedQuery, 'connect' | 'admin' | 'killer'>
  manifest: QueryManifest
  tables: readonly TableFacts[]
  reference: Reference
  /** The texts of the samples that are accepted. */
  accepted: readonly string[]
}

const DATABASE = 'laboratory'

/** A row that breaks a constraint, or holds what its column's type can't, is left out, and with it what refers to it. */
function laying(variants: string, row: number): string {
  return `DO $assay$ DECLARE statement text; tried int := 0; BEGIN
    FOREACH statement IN ARRAY ${variants} LOOP
      tried := tried + 1;
      BEGIN
        EXECUTE statement;
        INSERT INTO pg_temp.assay_laid VALUES (${row}, tried);
        EXIT;
      EXCEPTION WHEN integrity_constraint_violation OR data_exception OR syntax_error_or_access_rule_violation OR raise_exception THEN NULL;
      END;
    END LOOP; END $assay$; `
}
