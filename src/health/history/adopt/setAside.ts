import { escapeIdentifier, type Client } from 'pg';
import { KEPT_SCHEMA } from '../../../migrate/refusals.ts';
import { makeKeptSchema } from '../keptSchema.ts';
import type { Inventory } from './inventory.ts';

const kinds: Readonly<Record<string, string>> = { v: 'view', m: 'materialized view', f: 'foreign table' };

/** Moves what is replaced to the schema outrider_kept, as it is; answers the name of each relation there. */
export async function setAside(client: Client, { moved, types, functions, schemas }: Inventory, log: (line: string) => void): Promise<Map<string, string>> {
  if (moved.length + types.length + functions.length + schemas.length === 0) return new Map();
  await client.query(makeKeptSchema);
  const taken = await client.query<{ name: string }>('select relname as name from pg_class where relnamespace = $1::regnamespace', [KEPT_SCHEMA]);
  const names = new Map(moved.map(({ name }) => [name, freeName(name, taken.rows)]));
  for (const { name, kind } of moved) {
    const object = kinds[kind] ?? 'table';
    const kept = names.get(name) ?? name;
    log(`${name} is kept as ${KEPT_SCHEMA}.${kept}.`);
    if (kept !== name) await client.query(`alter ${object} ${escapeIdentifier(name)} rename to ${escapeIdentifier(kept)}`);
    await client.query(`alter ${object} ${escapeIdentifier(kept)} set schema ${KEPT_SCHEMA}`);
  }
  for (const name of types) await client.query(`alter type ${name} set schema ${KEPT_SCHEMA}`);
  for (const name of functions) await client.query(`alter function ${name} set schema ${KEPT_SCHEMA}`);
  for (const name of schemas) await client.query(`alter schema ${escapeIdentifier(name)} rename to ${escapeIdentifier(`${KEPT_SCHEMA}_${name}`)}`);
  return names;
}

function freeName(name: string, taken: readonly { name: string }[]): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}_${number}`;
    if (!taken.some((other) => other.name === candidate)) return candidate;
  }
}
