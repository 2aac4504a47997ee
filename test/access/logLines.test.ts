import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { inLogContext } from '../../src/telemetry/logContext.ts';
import { keepLog } from './logLines.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test.each([
  ['the password of a URL', 'postgresql://outrider:p%40ss-word@db.example:5432/outrider', /p%40ss|ss-word/],
  ['a token', 'Authorization: Bearer abc.def-ghi', /abc/],
  ['a user and a password', 'authorization: Basic YWRhOmh1bnRlcjI=', /YWRh/],
  ['a cookie', 'cookie: a=b; outrider_token=abcdef; c=d', /abcdef/],
  ['a printed address', 'GET /jobs?status=FAILED&token=abcdef&first=1', /abcdef/],
  ['an API key', `outrider_key_${'x'.repeat(43)}`, /xxx/],
  ['a JWT', 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl', /eyJ/],
  ['an address', 'line\nada.lovelace+x@mail.example.org\tand "grace@example.org"', /lovelace|grace/],
  ['a configured secret', 'the server says: wrong password "my secret: \\\\ quoted"', /my secret/],
])('%s stands in no line, which stays JSON', (_what, text, found) => {
  const { log, lines, entries } = keepLog(['my secret: \\\\ quoted']);
  log.error({ err: new Error(text), nested: { text } }, text);
  expect(lines.join('')).not.toMatch(found);
  expect(entries()).toMatchObject([{ level: 'error', err: { type: 'Error', stack: expect.stringContaining('at ') } }]);
});

test('a line says of which request and which job it is, also of what was begun there and goes on', async () => {
  const { log, entries } = keepLog();
  await inLogContext({ requestId: 'r-1' }, async () => {
    await inLogContext({ jobId: 'j-1' }, async () => {
      await new Promise(setImmediate);
      log.warn('inside');
    });
    log.warn('after');
  });
  log.warn('outside');
  expect(entries().map(({ requestId, jobId, msg }) => [msg, requestId, jobId])).toEqual([['inside', 'r-1', 'j-1'], ['after', 'r-1', undefined], ['outside', undefined, undefined]]);
});

test('what is no secret stays', () => {
  const { log, entries } = keepLog();
  log.info({ url: 'https://x.example', uid: 7, column: 'jobs.status' }, 'migration 0001_pipeline of outrider@0.1.0 at http://127.0.0.1:4000/graphql?first=1');
  expect(entries()).toMatchObject([{ uid: 7, column: 'jobs.status', msg: expect.stringContaining('http://127.0.0.1:4000/graphql?first=1') }]);
});

test.each([
  ['the row that breaks a rule', `insert into prospects (id, canonical_key) values (null, 'a-private-text')`, '23502'],
  ['the value that is in the way', `insert into api_keys (id, name, role, hash) select gen_random_uuid(), 'x', 'viewer', 'a-private-text' from generate_series(1, 2)`, '23505'],
  ['the text that is no number', `select 'a-private-text'::integer`, '22P02'],
  ['the statement', `select from no_such_table where body = 'a-private-text'`, '42P01'],
])('%s stands in no line; code and names do', async (_what, sql, code) => {
  const { log, lines, entries } = keepLog();
  const error = await queryOnce(database.url, sql).then(() => null, (reason: Error) => reason);
  expect(error).not.toBeNull();
  // As MikroORM puts it.
  error!.message = `${sql} - ${error!.message}`;
  log.error({ err: new Error('it failed', { cause: error }) }, 'it failed');
  expect(lines.join('')).not.toContain('a-private-text');
  expect(entries()[0].err.cause).toMatchObject({ code });
});
