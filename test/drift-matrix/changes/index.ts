import { nameOf, type Change } from '../change.ts';
import type { Inventory } from '../inventory.ts';
import { columnChanges } from './columns.ts';
import { constraintChanges } from './constraints.ts';
import { enumChanges } from './enums.ts';
import { functionChanges } from './functions.ts';
import { historyChanges } from './history.ts';
import { indexChanges } from './indexes.ts';
import { policyChanges } from './policies.ts';
import { schemaChanges } from './schemas.ts';
import { sequenceChanges } from './sequences.ts';
import { tableChanges } from './tables.ts';
import { triggerChanges } from './triggers.ts';
import { viewChanges } from './views.ts';

const generators = [
  tableChanges,
  columnChanges,
  constraintChanges,
  indexChanges,
  enumChanges,
  functionChanges,
  triggerChanges,
  sequenceChanges,
  viewChanges,
  policyChanges,
  schemaChanges,
  historyChanges,
];

/** Every change that can be made to what is there, each once. */
export function changesOf(inventory: Inventory): Change[] {
  const changes = generators.flatMap((generate) => [...generate(inventory)]);
  return [...new Map(changes.map((change) => [nameOf(change), change])).values()];
}
