import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { startApi, type Api } from './support.ts';

let api: Api;
const lines: string[] = [];

beforeAll(async () => {
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  api = await startApi(undefined, undefined, undefined, undefined, log);
});
afterAll(() => api.stop());

test.each([
  ['disk_full', /disk of the database is full/, true],
  ['out_of_memory', /out of memory/, true],
  ['deadlock_detected', /Send it again/, false],
])('PostgreSQL answers %s: a mutation says so, and that nothing was done, and the operator reads it', async (condition, message, isLogged) => {
  lines.length = 0;
  await api.sql(`
    create or replace function refuse() returns trigger language plpgsql as $$ begin raise exception 'inner words' using errcode = '${condition}'; end $$;
    drop trigger if exists refuse on prospects;
    create trigger refuse before insert on prospects execute function refuse()`);
  const { data, errors } = await api.ask('mutation { createProspect(input: { displayName: "x", email: "x@example.org" }) { userErrors { code } } }');
  expect({ data, errors }).toMatchObject({ data: null, errors: [{ message: expect.stringMatching(message), path: ['createProspect'], extensions: { code: 'DATABASE_UNAVAILABLE' } }] });
  expect(JSON.stringify(errors)).not.toContain('inner words');
  expect(lines.some((line) => line.includes('inner words'))).toBe(isLogged);
  expect(await api.sql('select from prospects')).toHaveLength(0);
});
