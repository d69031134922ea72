/** What an answer must not hold, by what it gives away. */
type Telltale = { what: string; pattern: RegExp }

/*
 * Each is a form that the words of a person, a field of an API or the path of a URL don't have. No pattern begins anew at each
 * character with a long way to go: the text comes from a program that may want to hold us up.
 */
const TELLTALES: readonly Telltale[] = [
  { what: 'a stack trace', pattern: /^[ \t]*at (?:[^\n]{0,200}[( ])?(?:file:\/\/|node:|\/)[^\s:)]{1,200}:\d+:\d+/m },
  {
    what: 'a stack trace',
    pattern: /Traceback \(most recent call last\)|\(\w{1,80}\.java:\d+\)|\bgoroutine \d+ \[|#0 \/[^\s(]{1,200}\(\d+\)/,
  },
  {
    what: "the database's own words",
    pattern:
      /syntax error at or near|invalid input syntax for|invalid byte sequence for encoding|duplicate key value violates|violates (?:foreign key|unique|check|not-null|exclusion) constraint|null value in column|value too long for type|unterminated quoted string|out of range for type|could not determine data type|SQLITE_[A-Z]+|You have an error in your SQL syntax|ER_[A-Z]+_[A-Z]+/,
  },
  {
    what: "the database's own words",
    pattern: /\b(?:relation|column|table|type) \\?"[^"\n]{1,100}"(?: of relation \\?"[^"\n]{1,100}")? does not exist/,
  },
  // PostgreSQL's errors name the file of its own sources.
  { what: "the database's error", pattern: /"file"\s?:\s?"\w{1,60}\.c"|"severity"\s?:\s?"(?:ERROR|FATAL|PANIC)"/ },
  {
    what: 'SQL',
    pattern:
      /\bSELECT\b[^\n]{1,300}\bFROM\s[^\n]{1,100}\b(?:WHERE|ORDER BY|GROUP BY|LIMIT|JOIN)\b|\bselect\b[^\n]{1,300}\bfrom\s[^\n]{1,200}\$\d/,
  },
  {
    what: 'SQL',
    pattern:
      /\binsert into "?\w{1,63}"? ?\(|\bupdate "?\w{1,63}"? set "?\w{1,63}"? ?=|\bdelete from "?\w{1,63}"? where "?\w{1,63}"? ?(?:=|in\b)/i,
  },
  {
    what: 'a path in the file system',
    pattern:
      /(?<![\w.:/-])(?:file:\/\/)?\/(?:work|usr|opt|var|root|tmp)\/[\w./@-]{1,200}\.(?:[cm]?[jt]s|json|py|php|rb|java|go|sql|txt)\b|node_modules\/|\bnode:internal\//,
  },
  { what: 'a path in the file system', pattern: /\bE(?:NOENT|ACCES|ISDIR|NOTDIR|EXIST|ROFS): [a-z ]{1,60}, \w{1,20} ['"]/ },
  { what: 'an address inside', pattern: /\bE(?:CONNREFUSED|NOTFOUND) [\w.:/]{2,}/ },
]

/** The first telltale in a text, with the words that gave it away; `except` is a text in which they stand rightly. */
export function findTelltale(text: string, except = ''): { what: string; words: string } | undefined {
  // As the error's text stood before it was put into JSON or HTML.
  const plain = text
    .slice(0, 200_000)
    .replaceAll(/\\n|<br\s?\/?>/g, '\n')
    .replaceAll('&nbsp;', ' ')
    .replaceAll(/&quot;|&#34;/g, '"')
  for (const { what, pattern } of TELLTALES) {
    const words = pattern.exec(plain)?.[0]
    if (words !== undefined && !except.includes(words)) return { what, words }
  }
  return undefined
}
