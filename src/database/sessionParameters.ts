/**
 * What our statements and the reading of their rows rely on, and an ALTER ROLE or ALTER DATABASE would change: dates and
 * numbers as text, backslashes in literals, NULL in arrays, that an index answers all rows that match and not a sample of them, that each
 * statement sees what was committed before it began, and how long it may take.
 *
 * @param statementTimeoutMs 0: as long as it takes
 */
export const sessionParameters = (statementTimeoutMs: number): Readonly<Record<string, string>> => ({
  DateStyle: 'ISO, YMD',
  TimeZone: 'UTC',
  standard_conforming_strings: 'on',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  array_nulls: 'on',
  gin_fuzzy_search_limit: '0',
  default_transaction_isolation: 'read committed',
  statement_timeout: String(statementTimeoutMs),
  // From PostgreSQL 17 on; a role's own would end the work of a worker in its midst, again and again.
  transaction_timeout: '0',
});
