// COPY, the fastest way into a PostgreSQL table.
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import pg from 'pg';
import { from, to } from 'pg-copy-streams';

/** The rows of a query in COPY's text format. */
export async function copyOut(url, query) {
  return withClient(url, (client) => buffer(client.query(to(`copy (${query}) to stdout`))));
}

/** Writes such rows into a table. */
export async function copyIn(url, target, rows) {
  await withClient(url, (client) => pipeline(Readable.from(slices(rows)), client.query(from(`copy ${target} from stdin`))));
}

function* slices(rows, size = 65_536) {
  for (let at = 0; at < rows.length; at += size) yield rows.subarray(at, at + size);
}

async function withClient(url, action) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await action(client);
  } finally {
    await client.end();
  }
}
