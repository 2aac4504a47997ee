import { incident, type Incident } from './support.ts';

/**
 * Incidents of the boot: the base migration ran again whenever a container started, until it met its own tables; and a
 * container that exited with status 3 after migrating, because the application behind it refused to start and nobody
 * saw why.
 */
let state: Incident;
afterEach(() => state.end());

const boots = 3;

test('migrating on every boot changes nothing after the first, and always exits with 0', async () => {
  state = await incident([]);
  const before = await state.sql('select name, applied_at, statements_applied from schema_migrations order by name');
  for (let boot = 1; boot <= boots; boot++) {
    const { code, out } = await state.run('migrate');
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to apply') });
  }

  expect(await state.sql('select name, applied_at, statements_applied from schema_migrations order by name')).toEqual(before);
});

test.each([
  ['was emptied', 'delete from schema_migrations'],
  ['was dropped', 'drop table schema_migrations'],
])('when the history %s, migrating runs nothing again, exits with 1 and names the command that mends it', async (_, statement) => {
  state = await incident([statement]);
  for (let boot = 1; boot <= 2; boot++) {
    const { code, err } = await state.run('migrate');
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('outrider schema history --repair') });
  }
  const { out } = await state.run('schema', 'history', '--repair', '--json');
  await state.run('schema', 'history', '--repair', '--apply', (JSON.parse(out) as { planHash: string }).planHash);

  expect(await state.run('migrate')).toMatchObject({ code: 0 });
  expect(await state.run('schema', 'check')).toMatchObject({ code: 0, out: expect.stringMatching(/^READY/) });
  expect(await state.sql('select count(*)::int as n from prospects')).toEqual([{ n: 10 }]);
});

test('a start behind a migration that did nothing exits with 1 and says what is missing, the operations, and the command', async () => {
  // Stamped, never run: the migrations "succeed", and the application cannot work.
  state = await incident(['drop table social_drafts cascade', 'alter table jobs drop column drafts_created cascade']);
  expect(await state.run('migrate')).toMatchObject({ code: 0 });
  const { code, err } = await state.run('serve');

  expect(code).toBe(1);
  expect(err).toMatch(/social_drafts/);
  expect(err).toMatch(/jobs\.drafts_created/);
  expect(err).toMatch(/Mutation\.startDraftJob/);
  expect(err).toMatch(/outrider schema repair/);
});

test('the same container under degrade stays up, and says in /health/ready what does not work', async () => {
  state = await incident(['drop table social_drafts cascade']);
  const server = await state.serve();
  const { status, body } = await server.http('GET', '/health/ready');

  expect(status).toBe(200);
  expect(body.notReady.map(({ feature }: { feature: string }) => feature)).toContain('SOCIAL_PIPELINE');
});
