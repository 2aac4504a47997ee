import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { adminToken, startApi, type Api } from '../graphql/support.ts';
import { createReplicated } from '../support/cluster.ts';
import { queryOnce } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';

let servers: Awaited<ReturnType<typeof createReplicated>>;
let api: Api;
beforeAll(async () => {
  servers = await createReplicated();
  api = await startApi(servers.standby.url);
});
afterAll(async () => {
  await api.stop();
  await servers.remove();
});

const create = () => api.ask('mutation { createProspect(input: { displayName: "P", profileUrl: "https://p.example/" }) { prospect { id } userErrors { code } } }');

const verdict = async () => (await api.ask('{ schemaHealth(refresh: true) { status drift { id } } }')).data.schemaHealth;

test('while DATABASE_URL leads to a PostgreSQL in recovery, lists answer and mutations and schema health say that nothing can be written; once it is promoted they work, with no restart', async () => {
  expect((await api.ask('{ prospects(first: 1) { totalCount } }')).data).toEqual({ prospects: { totalCount: 0 } });
  expect((await create()).errors).toMatchObject([{ message: 'Nothing can be written now: the database is read-only.', extensions: { code: 'DATABASE_UNAVAILABLE' } }]);
  const upload = await fetch(`${api.url}import?format=csv`, { method: 'POST', headers: { authorization: `Bearer ${adminToken}` }, body: 'display_name,profile_url\nAda,https://ada.example\n' });
  expect(upload.status).toBe(503);
  expect(await verdict()).toEqual({ status: 'BROKEN', drift: [{ id: 'PRIVILEGE:pg_is_in_recovery' }] });

  await queryOnce(servers.standby.url, 'select pg_promote()');
  const { data } = await waitFor(async () => {
    const answer = await create();
    return answer.errors ? null : answer;
  });
  expect(data.createProspect).toMatchObject({ prospect: { id: expect.any(String) }, userErrors: [] });
  expect(await verdict()).toEqual({ status: 'READY', drift: [] });
});
