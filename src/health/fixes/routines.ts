import type { Finding } from '../finding.ts';
import { quoteRoutine } from './identifiers.ts';
import type { Mending, Scene } from './mending.ts';

/** A function as the migrations make it, in the place of the one that is there. */
export function routineFixes({ object = '' }: Finding, { expected, live }: Scene): Mending[] {
  const wanted = expected.functions[object];
  const definition = wanted?.definition?.trim().replace(/^CREATE (OR REPLACE )?/, 'CREATE OR REPLACE ');
  if (!wanted || definition === undefined) return [];
  const found = live.functions[object];
  if (!found || found.returns === wanted.returns) return [{ stage: 'routine', sql: definition, risk: 'SAFE', lock: 'none' }];
  // PostgreSQL changes no result type; whoever uses the old one goes on to.
  const aside = `${object.slice(0, object.indexOf('(')).split('.').at(-1)}_before_repair`;
  return [
    { stage: 'routine', sql: `alter routine ${quoteRoutine(object)} rename to "${aside}"`, risk: 'CAUTION', lock: 'none', note: 'What uses the present one goes on to, under its new name.' },
    { stage: 'routine', sql: definition, risk: 'CAUTION', lock: 'none' },
  ];
}
