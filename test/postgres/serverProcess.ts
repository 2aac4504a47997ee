/**
 * A process of its own with an embedded PostgreSQL: node serverProcess.ts OPTIONS-AS-JSON. Prints what it got as one
 * line of JSON; when its input ends or SIGINT comes it asks the server one question, stops it and prints the answer.
 */
import { once } from 'node:events';
import pg from 'pg';
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from '../../src/postgres/embedded.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as EmbeddedPostgresOptions & { exitWithoutStop?: boolean };
const postgres = await startEmbeddedPostgres({ ...options, fast: true });
const told = Promise.race([once(process, 'SIGINT'), once(process.stdin.resume(), 'end')]);
process.stdout.write(`${JSON.stringify({ url: postgres.url, owned: postgres.owned })}\n`);
if (options.exitWithoutStop) process.exit(0);

await told;
const client = new pg.Client({ connectionString: postgres.url });
await client.connect();
const { rows } = await client.query<{ answer: string }>(`select 'answered' as answer`);
await client.end();
await postgres.stop();
process.stdout.write(`${JSON.stringify(rows[0])}\n`);
process.exit(0);
