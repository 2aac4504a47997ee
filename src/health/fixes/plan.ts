import { createHash } from 'node:crypto';
import type { RepairStep, SchemaDrift } from '../report.ts';

/** What others are built from comes first. */
const order: [RegExp, number][] = [
  [/^(create type|alter type)/i, 0],
  [/^create or replace (function|procedure)/i, 1],
  [/(set schema|^alter table .* rename to) /i, 2],
  [/^create table/i, 3],
  [/(add|rename) column/i, 4],
  [/^create (unique )?index/i, 6],
  [/add constraint .* foreign key/i, 7],
  [/validate constraint/i, 8],
  [/^create (constraint )?trigger/i, 9],
];

/** The steps of every difference in the order in which they can run, each once. */
export function planOf(drift: readonly SchemaDrift[]): RepairStep[] {
  const steps = new Map<string, RepairStep>();
  for (const step of drift.flatMap(({ fixes }) => fixes)) {
    const same = steps.get(step.sql);
    if (same) same.resolves = [...new Set([...same.resolves, ...step.resolves])];
    else steps.set(step.sql, { ...step });
  }
  return [...steps.values()].sort((a, b) => rank(a.sql) - rank(b.sql));
}

/** Names exactly this plan on exactly this schema. */
export function hashPlan(fingerprint: string, plan: readonly RepairStep[]): string {
  return createHash('sha256').update([fingerprint, ...plan.map(({ sql }) => sql)].join('\0')).digest('hex').slice(0, 32);
}

function rank(sql: string): number {
  return order.find(([pattern]) => pattern.test(sql))?.[1] ?? 5;
}
