import { expect, test } from '@jest/globals';
import { Pool } from 'pg';
import { acquireBy } from '../../src/database/acquireBy.ts';
import { throughPoolers } from '../../src/database/throughPoolers.ts';
import { createTestDatabase } from '../support/database.ts';

test('somebody listens to a client from the moment at which the pool hands it out: its end ends no process', async () => {
  const database = await createTestDatabase();
  const pool = new Pool({ connectionString: database.url, max: 1 });
  acquireBy(pool, throughPoolers);
  // In the turn between the pool and whoever asked.
  const emitted = new Promise((resolve) => pool.on('acquire', (client) => queueMicrotask(() => {
    try {
      resolve(client.emit('error', new Error('terminating connection due to administrator command')));
    } catch (error) {
      resolve(error);
    }
  })));
  try {
    const client = await pool.connect();
    expect(await emitted).toBe(true);
    client.release(true);
  } finally {
    await pool.end();
    await database.drop();
  }
});
