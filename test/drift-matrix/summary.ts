import { nameOf } from './change.ts';
import type { Outcome } from './judge.ts';
import type { Step } from './walk.ts';

/** What nobody may find in a healthy run. */
const faults: readonly Outcome[] = ['missed', 'wrong', 'false alarm'];

export function faultsIn(steps: readonly Step[]): Step[] {
  return steps.filter(({ outcome }) => faults.includes(outcome));
}

/** A Markdown table, one row a class: how many changes were judged rightly, and what MikroORM's comparator made of the same ones. */
export function summaryTable(steps: readonly Step[]): string {
  const classes = [...new Set(steps.map(({ change }) => change.class))];
  const rows = [
    ['class', 'drift', 'found', 'missed', 'wrong', 'harmless', 'silent', 'false alarms', 'MikroORM found', 'MikroORM silent', 'not possible'],
    ...classes.map((name) => row(name, steps.filter(({ change }) => change.class === name))),
    row('all', steps),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  const line = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n');
}

/** Each kind of fault with a few examples: thousands of objects often share one. */
export function listFaults(steps: readonly Step[], examples = 2): string {
  const groups = Map.groupBy(faultsIn(steps), ({ outcome, change }) => `${outcome}: ${change.class}: ${change.change}`);
  return [...groups]
    .map(([title, same]) => {
      const lines = same.slice(0, examples).map(({ change, fault }) => `    ${change.object}: ${fault?.slice(0, 700)}`);
      return [`${title} (${same.length})`, ...lines].join('\n');
    })
    .join('\n');
}

/** Everything about the faults, to work on them. */
export function faultsAsData(steps: readonly Step[]): object[] {
  return faultsIn(steps).map(({ change, outcome, fault }) => ({ name: nameOf(change), outcome, fault, sql: change.sql, expected: change.expected }));
}

function row(name: string, steps: readonly Step[]): string[] {
  const possible = steps.filter(({ outcome }) => outcome !== 'refused');
  const drift = possible.filter(({ change }) => change.expected !== null);
  const harmless = possible.filter(({ change }) => change.expected === null);
  const count = (list: readonly Step[], outcome: Outcome) => String(list.filter((step) => step.outcome === outcome).length);
  const peer = (list: readonly Step[], right: Outcome) => {
    const asked = list.filter((step) => step.peer !== null);
    return asked.length === 0 ? '' : `${asked.filter((step) => step.peer === right).length} of ${asked.length}`;
  };
  return [
    name,
    String(drift.length),
    count(drift, 'found'),
    count(drift, 'missed'),
    count(drift, 'wrong'),
    String(harmless.length),
    count(harmless, 'silent'),
    String(harmless.filter((step) => step.outcome !== 'silent').length),
    peer(drift, 'found'),
    peer(harmless, 'silent'),
    String(steps.length - possible.length),
  ];
}
