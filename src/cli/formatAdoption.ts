import type { AdoptionPlan } from '../health/history/adopt/adopt.ts';
import type { TableOutcome, Tally } from '../health/history/adopt/copyTable.ts';

/** The plan of an adoption for a terminal: what is set aside, what is run, and what becomes of the rows of each table. */
export function formatAdoption({ stamped, applied, setAside, tables, planHash, reason }: AdoptionPlan): string {
  if (reason !== null) return `${reason}\n`;
  const lines = [
    ...(setAside.length > 0 ? [`Kept as they are in the schema outrider_kept: ${setAside.join(', ')}.`] : []),
    ...(stamped.length > 0 ? [`Recorded, because all that they make is there and fits: ${stamped.join(', ')}.`] : []),
    ...(applied.length > 0 ? [`Applied: ${applied.join(', ')}.`] : []),
    ...tables.flatMap(table),
    ...(planHash === null ? [] : ['', `-- To run it, as a whole or not at all: outrider schema history --adopt --apply ${planHash}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function table({ table: name, rows, fits, converted, notConvertible, reasons, notes, unusedColumns, missingColumns, changes }: TableOutcome): string[] {
  return [
    '',
    `${name}: ${rows} row${rows === 1 ? '' : 's'}, of which ${fits} fit, ${converted} are converted and ${notConvertible} stay in outrider_kept only`,
    ...(changes.length > 0 ? [`  columns    ${changes.join('; ')}`] : []),
    ...(missingColumns.length > 0 ? [`  missing    ${missingColumns.join(', ')}`] : []),
    ...(unusedColumns.length > 0 ? [`  kept only  ${unusedColumns.join(', ')}`] : []),
    ...reasons.map((tally) => `  refused    ${counted(tally)}`),
    ...notes.map((tally) => `  note       ${counted(tally)}`),
  ];
}

function counted({ text, rows, examples }: Tally): string {
  return `${rows} row${rows === 1 ? '' : 's'}: ${text} (${examples.join(', ')}${rows > examples.length ? ', …' : ''})`;
}
