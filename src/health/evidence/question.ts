/** What PostgreSQL answers: `n` things were found; `example` names one of them. */
export interface Found {
  n: number;
  example: string | null;
  /** of duplicates: the rows that share a value; of a sequence: its next value */
  other: number | null;
  /** when only some rows were read: how many, and how many the table has by estimate */
  sample: { read: number; total: number } | null;
}

/** A question about the rows of one table. */
export interface Question {
  /** as the catalog names it, such as "jobs" or "pgboss.job" */
  table: string;
  /** one row: n, other, example */
  sql: string;
  /** the same of some blocks, and how many rows they have: read, n, example; null where a sample says nothing */
  sampleSql: ((percent: number) => string) | null;
  /** one sentence without a full stop; null where there is nothing to say */
  say(found: Found): string | null;
}

export interface RowsQuestion {
  table: string;
  /** the table in SQL */
  from: string;
  /** which rows `r` are meant */
  condition: string;
  key: RowKey | null;
  /** "refers to nothing", "refer to nothing" */
  one: string;
  many: string;
}

/** How an operator finds a row: the columns of its primary key, and their values as one text in SQL. */
export interface RowKey {
  name: string;
  sql: string;
}

/** How many rows fulfil a condition, and which is the first of them. */
export function aboutRows({ table, from, condition, key, one, many }: RowsQuestion): Question {
  const example = key === null ? 'null' : `min(${key.sql})`;
  const verb = (count: number) => (count === 1 ? one : many);
  return {
    table,
    sql: `select count(*)::float8 as n, ${example} as example from ${from} r where ${condition}`,
    sampleSql: (percent) => {
      const those = `filter (where ${condition})`;
      return `select count(*)::float8 as read, count(*) ${those}::float8 as n, ${key === null ? 'null' : `${example} ${those}`} as example from ${from} r tablesample system (${percent})`;
    },
    say({ n, example: found, sample }) {
      const such = found === null || key === null ? '' : `, such as ${key.name} ${found}`;
      if (sample === null) return `${countOf(n)} ${verb(n)}${such}`;
      if (n === 0) return `none of ${countOf(sample.read)} ${one}, in a sample of about ${countOf(sample.total)}`;
      const estimate = roundly((n / sample.read) * sample.total);
      return `about ${number(estimate)} of ${countOf(roundly(sample.total))} ${many}, from a sample${such}`;
    },
  };
}

/** "1 row", "12,000 rows". */
export function countOf(count: number, noun = 'row'): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function number(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** An estimate is not given to the last digit. */
function roundly(estimate: number): number {
  return Number(estimate.toPrecision(2));
}
