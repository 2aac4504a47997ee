import type { Page } from 'playwright-core';
import { holding } from '../health/support.ts';
import { queryOnce } from '../support/database.ts';
import { publishedServer } from '../support/server.ts';
import { describeInBrowser, faults, Site } from './site.ts';

const nightShift = 'psql of the night shift';

describeInBrowser('the page of schema health', () => {
  let site!: Site;
  let page: Page;
  let viewerKey = '';

  beforeAll(async () => {
    site = await Site.open({ SCHEMA_POLICY: 'degrade' });
    await site.program.addProspects(30);
    viewerKey = await site.program.createKey('viewer');
    page = site.page;
  });

  afterAll(async () => {
    await site?.close();
  });

  const open = (search = '') => page.goto(site.url(`schema${search}`));
  const verdict = (of = page) => of.getByRole('region', { name: 'Verdict' });
  const differences = (of = page) => of.getByRole('region', { name: 'Differences', exact: true });
  const entry = (name: string | RegExp) => differences().getByRole('listitem', { name });
  const dialog = (name: string) => page.getByRole('dialog', { name });
  /** by a session of that name, as a person would */
  const byHand = (sql: string) => {
    const url = new URL(site.program.database.url);
    url.searchParams.set('application_name', nightShift);
    return queryOnce(url.href, sql);
  };
  const isReady = () => verdict().getByText('The schema is as').waitFor();
  /** axe and the width, light and wide, dark and narrow, of the page as it stands */
  const expectNoFaults = async () => {
    const found: string[] = [];
    for (const [colorScheme, width] of [['light', 1280], ['dark', 360]] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      found.push(...(await faults(page)));
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 720 });
    expect(found).toEqual([]);
  };

  it('says that everything is as it should be, and as of when', async () => {
    await open();
    await isReady();
    await verdict().getByText('Ready').waitFor();
    await verdict().getByText(/^checked .* in/).waitFor();
    await page.getByText('The live schema is the one that this build expects').waitFor();
    await page.getByRole('region', { name: 'Features' }).getByText('6 of 6 ready').waitFor();
    await page.getByRole('list', { name: 'Migrations, newest first' }).getByRole('listitem').first().getByText('Applied').waitFor();
    await page.getByText('Nothing was repaired so far').waitFor();
    await expectNoFaults();
  });

  describe('a column that is dropped', () => {
    it('appears by itself, with what it stops, what followed from it and who did it', async () => {
      await byHand('alter table jobs drop column drafts_created cascade');
      await entry(/^Missing column jobs\.drafts_created/).waitFor();
      await verdict().getByText(/jobs\.drafts_created/).waitFor();
      await entry(/drafts_created/).getByText(/^\d+ more$/).click();
      await entry(/drafts_created/).getByText('Mutation.startDraftJob').waitFor();
      await entry(/drafts_created/).getByText('Went with it').waitFor();
      await entry(/drafts_created/).getByText(nightShift).waitFor();
      await entry(/drafts_created/).getByText('alter table jobs drop column drafts_created cascade').waitFor();
      await page.getByRole('region', { name: 'Features' }).getByText('Not ready').first().waitFor();
      await expectNoFaults();
    });

    it('is only shown to a viewer, who is told who can mend it', async () => {
      const visitor = await site.visit({ key: viewerKey });
      await visitor.goto(site.url('schema'));
      await visitor.getByText('Your key may not repair the schema').waitFor();
      await visitor.getByRole('list', { name: 'Steps of the repair plan' }).getByText(/add column "drafts_created"/).waitFor();
      expect(await visitor.getByRole('button', { name: /Preview/ }).count()).toBe(0);
      expect(await visitor.getByRole('checkbox').count()).toBe(0);
      await visitor.keyboard.press('p');
      expect(await visitor.getByRole('dialog', { name: /Preview/ }).count()).toBe(0);
      expect(await faults(visitor)).toEqual([]);
      await visitor.context().close();
    });

    it('is copied as a summary that says what to run', async () => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.keyboard.press('y');
      await page.getByText('Incident summary copied').waitFor();
      const text = await page.evaluate(() => navigator.clipboard.readText());
      expect(text).toMatch(/^Outrider schema health: BROKEN\n/);
      expect(text).toMatch(/Since \d+ \w+ 20\d\d.* UTC/);
      expect(text).toContain(`Changed by postgres (${nightShift}): alter table jobs drop column drafts_created cascade`);
      expect(text).toMatch(/Affects .*Mutation\./);
      expect(text).toMatch(/Run: outrider schema repair --apply \w+/);
      expect(text).toMatch(/Fingerprint \w+\nBuild: Outrider \d+\.\d+\.\d+, expects \w+/);
    });

    it('is mended by exactly what was previewed, seen in the new check, with no row lost', async () => {
      const rows = () => site.program.query('select (select count(*)::int from prospects) as prospects, (select count(*)::int from jobs) as jobs');
      const before = await rows();
      await page.goto(site.url('jobs'));
      await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
      for (const key of ['g', 's']) await page.keyboard.press(key);
      await verdict().getByRole('button', { name: /^Preview the repair/ }).waitFor();
      await page.keyboard.press('p');
      await dialog('Preview of the repair').getByText(/add column "drafts_created"/).waitFor();
      await expectNoFaults();
      await dialog('Preview of the repair').getByRole('button', { name: /^Apply exactly these \d+ steps$/ }).dblclick();
      await dialog('After the repair').getByText(/^Ready: The schema is as/).waitFor();
      await dialog('After the repair').getByText(/^Went away/).waitFor();
      await dialog('After the repair').getByText('Nothing of what differed before is left.').waitFor();
      await expectNoFaults();
      await dialog('After the repair').getByRole('button', { name: 'Close' }).last().click();
      await isReady();
      expect(await rows()).toEqual(before);
      expect(await site.program.query('select state from schema_repairs')).toEqual([{ state: 'done' }]);
      await page.getByRole('region', { name: 'Repairs' }).getByText(/^Repair of \d+ steps by/).waitFor();
    });

    it('stays in the picture of when it came and went, and in the table behind it', async () => {
      const history = page.getByRole('region', { name: 'When drift came and went' });
      await history.getByText('Show as a table').click();
      const row = history.getByRole('row', { name: /Missing column jobs\.drafts_created/ });
      await row.getByText('postgres').waitFor();
      expect(await row.getByRole('cell').nth(3).getByRole('time').count()).toBe(1);
      await expectNoFaults();
    });
  });

  it('applies nothing when the schema moved after the preview, and shows the new plan and what is different', async () => {
    await byHand('drop index jobs_status');
    await page.getByRole('checkbox', { name: 'Step 1' }).waitFor();
    await page.keyboard.press('p');
    await dialog('Preview of the repair').getByText('Step 1').waitFor();
    await byHand('drop index jobs_created_at');
    await dialog('Preview of the repair').getByRole('button', { name: 'Apply exactly this step' }).click();
    await dialog('The plan changed').getByText('The plan changed. Nothing was applied').waitFor();
    await dialog('The plan changed').getByRole('region', { name: 'New in the plan' }).getByText(/jobs_created_at/).first().waitFor();
    expect(await site.program.query(`select to_regclass('jobs_status') as index`)).toEqual([{ index: null }]);
    await expectNoFaults();
    await dialog('The plan changed').getByRole('button', { name: 'Preview the new plan' }).click();
    await dialog('Preview of the repair').getByText('1 other step of the plan will not run.').waitFor();
    await page.keyboard.press('Escape');
  });

  it('runs the steps that were chosen, and leaves the others alone', async () => {
    await page.getByRole('button', { name: 'Preview 2 steps' }).waitFor();
    const plan = page.getByRole('list', { name: 'Steps of the repair plan' });
    const ofCreatedAt = plan.getByRole('listitem').filter({ hasText: 'create index concurrently "jobs_created_at"' });
    await ofCreatedAt.getByRole('checkbox').uncheck();
    await page.getByRole('button', { name: 'Preview 1 step', exact: true }).click();
    await dialog('Preview of the repair').getByRole('button', { name: 'Apply exactly this step' }).click();
    const after = dialog('After the repair');
    await after.getByRole('region', { name: /^Went away/ }).getByText(/jobs_status/).waitFor();
    await after.getByRole('region', { name: /^Left/ }).getByText(/jobs_created_at/).waitFor();
    await page.keyboard.press('Escape');
    await site.program.query('create index jobs_created_at on jobs (created_at, id)');
  });

  it('follows a repair that goes on, and says who keeps it waiting', async () => {
    await byHand('drop index jobs_status');
    // CREATE INDEX CONCURRENTLY waits for this transaction to end.
    const holder = await holding(site.program.database.url, 'delete from jobs');
    await page.getByRole('button', { name: /^Preview \d+ steps?$/ }).waitFor();
    await page.keyboard.press('p');
    await dialog('Preview of the repair').getByRole('button', { name: /^Apply exactly/ }).click();
    await dialog('The repair goes on').getByText(`waits for process ${holder.pid} (a forgotten psql`).waitFor();
    await expectNoFaults();
    await holder.release();
    await dialog('After the repair').getByText(/^Went away/).waitFor();
    await page.keyboard.press('Escape');
  });

  it('names a step that failed with its reason, and what is left', async () => {
    await byHand('alter table templates drop constraint templates_name');
    await site.program.query(`insert into templates (id, name, channel, body) select gen_random_uuid(), 'Twice', 'email', 'x' from generate_series(1, 2)`);
    await entry(/templates_name/).waitFor();
    for (const step of ['Step 1', 'Step 2']) await page.getByRole('checkbox', { name: step }).check();
    await page.getByRole('button', { name: 'Preview 2 steps', exact: true }).click();
    await dialog('Preview of the repair').getByText(/may hold a lock or scan a large table/).waitFor();
    await dialog('Preview of the repair').getByRole('button', { name: /^Apply exactly/ }).click();
    const after = dialog('After the repair');
    await after.getByRole('region', { name: /^Failed/ }).waitFor();
    await after.getByRole('region', { name: /^Left/ }).getByText(/templates/).first().waitFor();
    await expectNoFaults();
    await page.keyboard.press('Escape');
    await site.program.query(`delete from templates; alter table templates add constraint templates_name unique (name)`);
    await isReady();
  });

  it('names who holds the lock that keeps a table from being read, for how long and with what', async () => {
    const holder = await holding(site.program.database.url, 'lock table jobs in access exclusive mode');
    await page.keyboard.press('c');
    const unverified = page.getByRole('region', { name: 'Not verified' });
    await unverified.getByText(`Session ${holder.pid}`).waitFor();
    await unverified.getByText('a forgotten psql').waitFor();
    await unverified.getByText(`select pg_terminate_backend(${holder.pid})`).waitFor();
    await unverified.getByText(/^since/).waitFor();
    await expectNoFaults();
    await holder.release();
    await isReady();
    await unverified.waitFor({ state: 'detached' });
  });

  it('keeps what was known, with its age, while the database is away, and follows when it is back', async () => {
    await byHand('drop index jobs_status');
    await entry(/jobs_status/).waitFor();
    const admin = (sql: string) => queryOnce(publishedServer().url, sql);
    const name = new URL(site.program.database.url).pathname.slice(1);
    await admin(`alter database ${name} allow_connections false`);
    await admin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    await verdict().getByText('Unreachable').waitFor();
    await page.getByText('What stands below is from the last good check').waitFor();
    await page.getByText(/^As of/).waitFor();
    await entry(/jobs_status/).waitFor();
    expect(await page.getByRole('button', { name: /^Preview 1 step/ }).isDisabled()).toBe(true);
    await expectNoFaults();
    await page.reload();
    await page.getByText('Nothing is known of the schema yet').waitFor();
    await expectNoFaults();
    await admin(`alter database ${name} allow_connections true`);
    await entry(/jobs_status/).waitFor();
    await page.getByText('Nothing is known of the schema yet').waitFor({ state: 'detached' });
    await site.program.query('create index jobs_status on jobs (status, created_at, id)');
    await isReady();
  });

  it('keeps the last good check with its age when the server is gone', async () => {
    await site.program.stop(site.server, 'SIGKILL');
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText(/could not be (checked again|read)/).first().waitFor();
    await isReady();
    await expectNoFaults();
    site.server = await site.program.serve();
    await page.getByText('Live updates lost').waitFor({ state: 'detached' });
    await page.getByText(/could not be read/).waitFor({ state: 'detached' });
  });

  it('is filtered by severity and text, in the address, and by keyboard goes from one difference to the next', async () => {
    // What was done is found too: one statement for each.
    await byHand('alter table jobs rename column total_targets to total_target');
    for (const statement of ['create table visitors (id int)', 'drop index jobs_status', 'alter table prospects add column extra text']) await byHand(statement);
    await open();
    await differences().getByText('4 causes').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('visitors');
    await differences().getByText('1 of 4 causes').waitFor();
    expect(new URL(page.url()).search).toBe('?q=visitors');
    await page.reload();
    await differences().getByText('1 of 4 causes').waitFor();
    await page.getByLabel('Severity').selectOption('BREAKING');
    await page.getByText('No difference matches these filters').waitFor();
    await expectNoFaults();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await differences().getByText('4 causes').waitFor();
    await page.getByRole('heading', { name: 'Schema health' }).click();
    for (const key of ['j', 'j', 'k']) await page.keyboard.press(key);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/^Renamed column jobs\.total_targets/);
    expect(new URL(page.url()).searchParams.get('open')).toBe('RENAMED_COLUMN:jobs.total_targets');
    await entry(/total_targets/).getByText('What mends it').waitFor();
    await open('?q=12345678901234567890');
    await page.getByText('No difference matches these filters').waitFor();
    expect(await page.getByLabel('Search').inputValue()).toBe('12345678901234567890');
  });

  it('goes on when what it remembers by is broken', async () => {
    await byHand('drop table schema_past_drifts, schema_drifts, schema_repairs cascade');
    await open();
    await page.getByText('What has ended cannot be read now').waitFor();
    await page.getByText('What was repaired cannot be read now').waitFor();
    await entry(/schema_repairs/).first().waitFor();
    await expectNoFaults();
  });

  it('has not crashed', () => {
    expect(site.crashes).toEqual([]);
  });
});
