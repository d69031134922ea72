/**
 * What squawk's rules mean on a large table in use, in our words. Rules of style, and those that are about the tool's own settings, have no
 * sentence here and are left out.
 */
export const HAZARD_WORDS: Readonly<Record<string, string>> = {
  'adding-field-with-default':
    'A column with a default that is worked out for each row has the whole table written anew, and nobody reads or writes it meanwhile. Add the column without it, fill it in batches, then set the default.',
  'adding-foreign-key-constraint':
    'A new foreign key is checked for all rows, and nobody writes to either table meanwhile. Add it NOT VALID, then VALIDATE CONSTRAINT in a transaction of its own.',
  'adding-not-nullable-field':
    'Unless a validated CHECK (… IS NOT NULL) says it already, NOT NULL is checked for all rows while nobody reads or writes the table. Add that check NOT VALID and validate it first: SET NOT NULL then takes its word.',
  'adding-required-field':
    'A NOT NULL column without a default fails as soon as the table has a row, and an application that does not know the column can insert none.',
  'adding-serial-primary-key-field':
    'A new primary key of a table that is there has it written anew, and nobody reads or writes it meanwhile. Make a unique index CONCURRENTLY and let the key use it.',
  'ban-concurrent-index-creation-in-transaction':
    'CREATE INDEX CONCURRENTLY can not run inside a transaction; give it a step of its own without one.',
  'ban-drop-column':
    'Who still reads this column fails from now on, and its values are gone. Let no version of the application use it first.',
  'ban-drop-database': 'Dropping a database belongs in no migration.',
  'ban-drop-not-null': 'Who reads this column may not expect NULL in it.',
  'ban-drop-table': 'Who still reads this table fails from now on, and its rows are gone.',
  'ban-truncate-cascade': 'TRUNCATE … CASCADE empties every table that refers to this one.',
  'changing-column-type':
    'Another type has the whole table written anew in most cases, and nobody reads or writes it meanwhile. Add a column of the new type, fill it in batches, then change over.',
  'constraint-missing-not-valid':
    'A new constraint is checked for all rows, and nobody reads or writes the table meanwhile. Add it NOT VALID, then VALIDATE CONSTRAINT in a transaction of its own.',
  'disallowed-unique-constraint':
    'A new UNIQUE constraint makes its index while nobody reads or writes the table. Make a unique index CONCURRENTLY, then add the constraint USING INDEX.',
  'renaming-column':
    'An application that knows the column by its old name fails from now on. Add the new one beside it, and drop the old one when nobody uses it.',
  'renaming-table':
    'An application that knows the table by its old name fails from now on. A view of the old name can help over the time between.',
  'require-concurrent-index-creation':
    'While an index is made nobody writes to the table. CREATE INDEX CONCURRENTLY lets them, in a step without a transaction.',
  'require-concurrent-index-deletion':
    'DROP INDEX waits for everybody who uses the table, and all others wait behind it. DROP INDEX CONCURRENTLY does not.',
  'transaction-nesting': 'A step is one transaction already; BEGIN and COMMIT of your own in it end that one in the middle.',
}

/** Of a statement that has the first, the second says the same again. */
export const SAID_BY: Readonly<Record<string, string>> = {
  'constraint-missing-not-valid': 'adding-foreign-key-constraint',
  'adding-not-nullable-field': 'adding-required-field',
}
