import type { Page } from 'playwright-core';
import { addDrafts, addJob } from './jobsSeed.ts';
import { describeInBrowser, faults, holdReads, Site } from './site.ts';

describeInBrowser('a job', () => {
  let site!: Site;
  let page: Page;
  let jobPath = '';
  /** what came through the socket about the job */
  const pushed: { sequence: number; processed: number }[] = [];

  beforeAll(async () => {
    site = await Site.open();
    await site.program.addProspects(1_200, { silent: 100 });
    page = site.page;
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => pushed.push(...progressIn(payload.toString()))));
  });

  afterAll(async () => {
    await site?.close();
  });

  const region = (name: string) => page.getByRole('region', { name, exact: true });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');

  it('is started over the confirmed number, and says that no worker is running', async () => {
    await page.goto(site.url('jobs'));
    await button('Start a draft job').click();
    const dialog = page.getByRole('dialog', { name: 'Start a draft job' });
    await dialog.getByLabel('Text').fill('Hello, I read: {{ bioText }}');
    await dialog.getByRole('region', { name: 'Preview' }).getByText('Hello, I read: Makes things').waitFor();
    await dialog.getByRole('button', { name: 'Write 1,200 drafts' }).click();
    await page.getByText('No worker is running').first().waitFor();
    jobPath = new URL(page.url()).pathname;
    expect(await progress(page)).toBe(0);
  });

  it('asks before it is cancelled, and gives the focus back', async () => {
    await button('Cancel').click();
    const dialog = page.getByRole('dialog', { name: 'Cancel this job?' });
    await dialog.getByText('1,200 targets that it has not come to yet are left out').waitFor();
    await dialog.getByRole('button', { name: 'Let it go on' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await focused()).toBe('Cancel');
    expect(await site.program.query('select status from jobs')).toEqual([{ status: 'pending' }]);
  });

  it('is followed to 100 % without a reload once a worker runs, and its end is said once', async () => {
    await page.evaluate(() => Object.assign(window, { notReloaded: true }));
    await site.program.work();
    await page.getByRole('region', { name: 'Progress', exact: true }).getByText('100 %', { exact: true }).waitFor();
    await page.getByText('Completed with errors').waitFor();
    await page.getByText('No worker is running').waitFor({ state: 'detached' });
    expect(await progress(page)).toBe(100);
    expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true);
    expect(pushed.at(-1)).toMatchObject({ processed: 1_200 });
    expect(pushed.map(({ sequence }) => sequence)).toEqual([...new Set(pushed.map(({ sequence }) => sequence))].toSorted((a, b) => a - b));
    expect(await page.getByRole('status').filter({ hasText: 'The job has ended: 1,188 done, 12 not, 0 left out.' }).count()).toBe(1);
    expect(await site.program.query('select count(*)::int as count from email_drafts')).toEqual([{ count: 1_188 }]);
  });

  it('leads to what it wrote', async () => {
    await region('Drafts').getByRole('link', { name: 'Review 1,188 drafts' }).waitFor();
    expect(await region('Drafts').getByRole('listitem').count()).toBe(10);
  });

  it('narrows its failures to one reason, in the address', async () => {
    const failures = region('Failures');
    await failures.getByRole('list', { name: 'Failures by reason' }).getByRole('link', { name: 'MISSING_VARIABLE 12 100 %' }).click();
    await failures.getByText('Only MISSING_VARIABLE').waitFor();
    expect(new URL(page.url()).search).toBe('?code=MISSING_VARIABLE');
    await failures.getByRole('table').getByRole('row').nth(12).waitFor();
    expect(await failures.getByRole('table').getByRole('row').count()).toBe(13);
    await page.reload();
    await failures.getByText('Only MISSING_VARIABLE').waitFor();
  });

  it('tries the failed targets again, once, however quickly it is asked for twice', async () => {
    await region('Failures').getByRole('button', { name: 'Retry these 12 targets' }).dblclick();
    await page.getByText('a retry of').waitFor();
    await page.getByText('12 failed targets are tried again').waitFor();
    await region('Progress').getByText('12 of 12').waitFor();
    expect(await site.program.query('select count(*)::int as count from jobs where retry_of_id is not null')).toEqual([{ count: 1 }]);
    await page.getByRole('link', { name: 'an earlier job' }).click();
    await region('Progress').getByText('1,200 of 1,200').waitFor();
  });

  it('draws how fast it was, though nobody watched, and shows the same as a table', async () => {
    const { key, path } = await addJob(site.program, { createdAt: '2026-11-10T10:00:00Z', finishedAt: '2026-11-10T10:00:05Z', total: 6 });
    await addDrafts(site.program, key, '2026-11-10T10:00:00Z', [0.5, 0.6, 1.5, 3.1, 3.2, 3.3]);
    await page.goto(site.url(path));
    const chart = page.getByRole('figure', { name: 'Throughput: drafts a second' });
    await chart.locator('canvas').waitFor();
    await chart.getByText('Show as a table').click();
    const cells = chart.getByRole('table').getByRole('cell').and(chart.locator('[data-number]'));
    expect(await cells.allTextContents()).toEqual(['2', '1', '0', '3', '0']);
  });

  it('is paused, resumed and cancelled by the keyboard, with the focus always in place', async () => {
    const { key, path } = await addJob(site.program, { type: 'import', status: 'running', done: 4, finishedAt: null });
    // A process that is alive has it in hand until long after this test.
    await site.program.query(
      `insert into job_chunks (job_id, number, first_ordinal, target_count, done_count, state, lease_until) values ($1, 1, 1, 10, 4, 'running', now() + interval '1 hour')`, [key]);
    await page.goto(site.url(path));
    await button('Pause').focus();
    await page.keyboard.press('Enter');
    await button('Resume').waitFor();
    await page.getByText('Nothing new is begun until it is resumed').waitFor();
    expect(await focused()).toBe('Resume');
    await page.keyboard.press('Enter');
    await button('Pause').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the job' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Being cancelled').waitFor();
    await page.getByText('what is in hand is finished first').waitFor();
    await button('Cancel').waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Actions on this job');
  });

  it('shows that one part of it is broken where that part stands, and the rest', async () => {
    await page.goto(site.url(jobPath));
    await region('Failures').getByRole('table').waitFor();
    await site.program.query('alter table job_targets rename to job_targets_elsewhere');
    await page.reload();
    await page.getByText('The list of failures could not be read').waitFor();
    await region('Progress').getByText('1,200 of 1,200').waitFor();
    await region('Drafts').getByRole('listitem').first().waitFor();
    // Not by itself.
    const release = await holdReads(page);
    await region('Failures').getByRole('button', { name: 'Try again' }).click();
    await site.program.query('alter table job_targets_elsewhere rename to job_targets');
    await release();
    await region('Failures').getByRole('table').waitFor();
  });

  it('says that there is no such job', async () => {
    await page.goto(site.url(`jobs/${Buffer.from('Job:00000000-0000-7000-8000-000000000000').toString('base64url')}`));
    await page.getByText('There is no such job').waitFor();
  });

  it('offers a viewer nothing to do with it, and says why', async () => {
    const viewer = await site.visit({ key: await site.program.createKey('viewer') });
    await viewer.goto(site.url(jobPath));
    await viewer.getByText('Your key may not retry jobs').waitFor();
    expect(await viewer.getByRole('button', { name: /^Retry/ }).count()).toBe(0);
    await viewer.context().close();
  });

  it.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 360 },
  ] as const)('has nothing that axe finds and nothing too wide: $colorScheme, $width px', async ({ colorScheme, width }) => {
    const { path } = await addJob(site.program, { type: 'import', status: 'paused', by: 'مشغل '.repeat(60), finishedAt: null });
    const visitor = await site.visit({ colorScheme, viewport: { width, height: 800 } });
    await visitor.goto(site.url(`${jobPath}?code=MISSING_VARIABLE`));
    await visitor.getByText('Only MISSING_VARIABLE').waitFor();
    await visitor.getByRole('region', { name: 'Drafts', exact: true }).getByRole('listitem').first().waitFor();
    const found = await faults(visitor);
    await visitor.goto(site.url(path));
    await visitor.getByRole('button', { name: 'Cancel', exact: true }).click();
    await visitor.getByRole('dialog').getByText('A cancelled job cannot be resumed').waitFor();
    found.push(...(await faults(visitor)));
    await visitor.context().close();
    expect(found).toEqual([]);
  });

  it('has not crashed', () => {
    expect(site.crashes).toEqual([]);
  });
});

/** The share that the job's large bar shows to assistive technology. */
async function progress(page: Page): Promise<number> {
  return Number(await page.getByRole('progressbar', { name: 'Progress of this job' }).getAttribute('aria-valuenow'));
}

function progressIn(frame: string): { sequence: number; processed: number }[] {
  const { payload } = JSON.parse(frame) as { payload?: { data?: { jobProgress?: { sequence: number; processed: number } } } };
  return payload?.data?.jobProgress ? [payload.data.jobProgress] : [];
}
