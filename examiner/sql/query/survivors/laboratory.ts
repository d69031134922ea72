import { escapeLiteral, type Client } from 'pg'
import type { QueryManifest } from '../../../../core/exercise.ts'
import type { Expected } from '../../comparison/compare.ts'
import type { PreparedQuery } from '../prepare-query.ts'
import { expectedRows, type Reference } from '../reference-answer.ts'
import { SUPERUSER } from '../../roles.ts'
import { answers, closeSession, createDatabase, openSession } from '../../server.ts'
import { rewriteTables, shuffledTables, shuffleTables, type ShuffledTable } from '../../shuffle.ts'
import { askerIn, verdictOn, type Asker } from './asker.ts'
import type { DrawnRow, Row } from './generate.ts'
import { insertRow } from './insert-rows.ts'
import { rowsIn } from './known-rows.ts'
import type { TableFacts } from './schema-facts.ts'
import type { KnownRows } from './values.ts'

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

  /** The rows that schema.sql itself laid: they are in every data set, and stay. */
  readonly standing: KnownRows

  private constructor(lab: LaboratoryParts, owner: Client, shuffled: ShuffledTable[], standing: KnownRows) {
    this.#lab = lab
    this.standing = standing
    this.#owner = owner
    this.#shuffled = shuffled
    this.#asker = askerIn(lab.server, DATABASE, lab.manifest)
  }

  static async open(lab: LaboratoryParts): Promise<Laboratory> {
    await createDatabase(lab.server.admin, DATABASE)
    const owner = await openSession(lab.server.connect, SUPERUSER, DATABASE)
    await owner.query('CREATE TEMPORARY TABLE assay_laid (row integer, variant integer)')
    return new Laboratory(lab, owner, await shuffledTables(owner), await rowsIn(owner, lab.tables))
  }

  /** Empties the tables and lays rows, of each the first variant that every constraint allows; gives those that lie there now. */
  async lay(rows: readonly DrawnRow[]): Promise<Row[]> {
    const tables = new Map(this.#lab.tables.map(table => [table.name, table]))
    const inserts = rows.map(({ table, variants }) => {
      const list = variants.map(values => escapeLiteral(insertRow(tables.get(table)!, values)))
      return `ARRAY[${list.join(', ')}]`
    })
    const laying = `BEGIN; SET CONSTRAINTS ALL IMMEDIATE; ${this.#empty()}; DELETE FROM pg_temp.assay_laid; ${inserts.map(layRow).join('')} COMMIT`
    const asked = 'SELECT row, variant FROM pg_temp.assay_laid ORDER BY row'
    const [, laid] = await answers([this.#owner.query<Laid>(laying), this.#owner.query<Laid>(asked)])
    return laid!.rows.map(({ row, variant }) => ({ table: rows[row]!.table, values: rows[row]!.variants[variant - 1]! }))
  }

  /**
   * Those of some statements that give something else than the reference for the rows that lie there, in each of as many further
   * orders of the rows as they ask for. None where the right answer is in doubt. The rows lie in another order after it.
   */
  async told<S extends Suspect>(suspects: readonly S[]): Promise<S[]> {
    const expected = await this.#expected()
    if (!expected) return []
    let left = await this.#differing(suspects, expected)
    if (left.length === 0 || !(await this.#allGive(this.#lab.accepted, expected))) return []
    const decided: S[] = []
    for (let order = 1; left.length > 0; order++) {
      decided.push(...left.filter(({ orders }) => orders < order))
      left = left.filter(({ orders }) => orders >= order)
      if (left.length === 0) break
      // The first as a grading does it: with other statistics PostgreSQL takes other ways, on which rows come in another order.
      await (order === 1 ? shuffleTables : rewriteTables)(this.#owner, this.#shuffled, order)
      const right = [this.#lab.reference.statement.text, ...this.#lab.accepted]
      const verdicts = await this.#verdicts([...right, ...left.map(({ text }) => text)], expected)
      if (verdicts.slice(0, right.length).some(verdict => verdict !== 'same')) return []
      left = left.filter((_, index) => verdicts[right.length + index] === 'differs')
    }
    return suspects.filter(suspect => decided.includes(suspect))
  }

  /** What the reference answers to the rows that lie there; undefined where it fails, which no data set of an exercise may make it. */
  async #expected(): Promise<Expected | undefined> {
    const { reference, manifest, server } = this.#lab
    const answer = await this.#asker.use(session => expectedRows(session, reference, manifest, server.killer))
    return 'type' in answer ? undefined : answer
  }

  async #differing<S extends Suspect>(suspects: readonly S[], expected: Expected): Promise<S[]> {
    const verdicts = await this.#verdicts(
      suspects.map(({ text }) => text),
      expected,
    )
    return suspects.filter((_, index) => verdicts[index] === 'differs')
  }

  async #allGive(texts: readonly string[], expected: Expected): Promise<boolean> {
    const verdicts = await this.#verdicts(texts, expected)
    return verdicts.every(verdict => verdict === 'same')
  }

  async #verdicts(texts: readonly string[], expected: Expected) {
    const runs = await this.#asker.askAll(texts)
    return runs.map(run => verdictOn(run, expected, this.#lab.manifest))
  }

  #empty(): string {
    const { tables } = this.#lab
    const emptied = tables.filter(({ name }) => !this.standing.has(name))
    const held = tables.filter(({ name }) => this.standing.has(name)).flatMap(({ foreign }) => foreign.map(({ table }) => table))
    // DELETE would do: but where rows lay before then decides where those of the next data set lie, and with it what is found.
    if (!emptied.some(({ oid }) => held.includes(oid))) return `TRUNCATE ${emptied.map(({ name }) => name).join(', ')}`
    return emptied
      .toReversed()
      .map(({ name }) => `DELETE FROM ${name}`)
      .join('; ')
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

/** A statement, and in how many further orders of the rows it must differ before that is believed. */
export type Suspect = { text: string; orders: number }

type Laid = { row: number; variant: number }

const DATABASE = 'laboratory'

/** A row that breaks a constraint, holds what its column's type can't, or that a trigger refuses is left out, and with it what refers to it. */
function layRow(variants: string, row: number): string {
  return `DO $assay$ DECLARE statement text; tried int := 0; BEGIN
    FOREACH statement IN ARRAY ${variants} LOOP
      tried := tried + 1;
      BEGIN
        EXECUTE statement;
        INSERT INTO pg_temp.assay_laid VALUES (${row}, tried);
        EXIT;
      EXCEPTION WHEN OTHERS THEN NULL;
      END;
    END LOOP; END $assay$; `
}
