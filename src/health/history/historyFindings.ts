import type { Finding } from '../finding.ts';
import { HISTORY_TABLE } from '../readCatalog.ts';
import type { Effect } from './effects.ts';
import type { ForeignHistory } from './foreign.ts';

type Tables = Pick<Effect, 'parts' | 'present'>;

/** Differences of the history's table that follow from this one name it among their needs. */
const ofTable = { table: HISTORY_TABLE, effect: 'LATENT', lost: HISTORY_TABLE } as const;

export function historyLost(isMissing: boolean, { parts, present }: Tables, elsewhere: readonly string[]): Finding {
  const other = elsewhere.length > 0 ? ` One stands in the schema ${elsewhere.join(', ')}.` : '';
  return {
    kind: isMissing ? 'HISTORY_MISSING' : 'HISTORY_EMPTY',
    table: HISTORY_TABLE,
    effect: 'LATENT',
    expected: 'one row for each migration',
    actual: isMissing ? 'no table' : 'no rows',
    message: `The table ${HISTORY_TABLE} is ${isMissing ? 'missing' : 'empty'} although ${present.length} of our first ${parts.length} tables are there: no migration can be applied.${other} Run "outrider schema history --repair", which rebuilds it from what is really there.`,
  };
}

export function unreadable(error: string): Finding {
  const refused = /permission denied|row-level security/.test(error);
  return {
    ...ofTable,
    kind: 'HISTORY_UNREADABLE',
    ...(refused ? { sqlState: '42501', expected: 'SELECT' } : {}),
    actual: error,
    message: `The migration history cannot be read (${error}): whether migrations are pending is not known.${refused ? ` Grant this role SELECT on every row of ${HISTORY_TABLE}.` : ''}`,
  };
}

export function corrupt(problems: readonly string[]): Finding {
  return {
    ...ofTable,
    kind: 'HISTORY_CORRUPT',
    expected: 'the table and rows as Outrider makes them',
    actual: problems.join(', '),
    message: `The migration history is malformed (${problems.join(', ')}): "outrider migrate" refuses to go on. Run "outrider schema history --repair".`,
  };
}

export function doubled(schema: string): Finding {
  return {
    kind: 'HISTORY_DUPLICATED',
    object: `${schema}.${HISTORY_TABLE}`,
    effect: 'LATENT',
    actual: `${schema}.${HISTORY_TABLE}`,
    message: `A second migration history stands in the schema ${schema}: a role whose search_path leads there migrates by it. Run "outrider schema history --repair", which sets it aside.`,
  };
}

/**
 * Our history is lost or was never there, and tables with our names were made by another tool: its history stands beside
 * them, or they are so different that it shows; then `table` is the schema.
 */
export function foreignAlone({ table, tool }: { table: string; tool: string | null }, { parts, present }: Tables): Finding {
  const maker = tool === null ? 'another system, which left no history' : `${tool} (${table} is its history)`;
  return {
    kind: 'HISTORY_FOREIGN',
    object: table,
    effect: 'LATENT',
    lost: HISTORY_TABLE,
    expected: HISTORY_TABLE,
    actual: table,
    message: `The tables were made by ${maker}, and Outrider has no history of its own; ${present.length} of its first ${parts.length} tables have their names here. Run "outrider schema history --adopt" to see what fits.`,
  };
}

export function foreignBeside({ table, tool }: ForeignHistory): Finding {
  return { kind: 'HISTORY_FOREIGN', object: table, effect: 'NONE', actual: table, message: `${table} is the migration history of ${tool}; it does no harm.` };
}
