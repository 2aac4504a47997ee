import type { Page } from 'playwright-core';
import { addJob } from './jobsSeed.ts';
import { describeInBrowser, faults, reconnect, Site } from './site.ts';

describeInBrowser('the list of jobs', () => {
  let site!: Site;
  let page: Page;

  beforeAll(async () => {
    site = await Site.open();
    page = site.page;
  });

  afterAll(async () => {
    await site?.close();
  });

  const go = (search = '') => page.goto(site.url(`jobs${search}`));
  const jobs = () => page.getByRole('table', { name: 'Jobs' }).getByRole('link');
  const tab = (name: string) => page.getByRole('navigation', { name: 'Jobs by state' }).getByRole('link', { name });
  const dialog = (name: string) => page.getByRole('dialog', { name });

  it('says what to do while there is none', async () => {
    await go();
    await page.getByText('No job has run yet').waitFor();
    await page.getByRole('link', { name: 'discover them' }).click();
    await dialog('Discover prospects').getByRole('button', { name: 'Cancel' }).click();
    await dialog('Discover prospects').waitFor({ state: 'detached' });
  });

  it('shows a job that somebody else has started without a reload, and who', async () => {
    await go();
    await page.getByText('No job has run yet').waitFor();
    await page.evaluate(() => Object.assign(window, { notReloaded: true }));
    await addJob(site.program, { status: 'running', total: 200, done: 50, by: 'grace', createdAt: '2026-11-12T10:00:00Z' });
    const row = page.getByRole('row').filter({ hasText: 'grace' });
    await row.getByText('25 % · 50 of 200').waitFor();
    await row.getByText('No worker is running').waitFor();
    await addJob(site.program, { type: 'import', status: 'running', done: 5, by: 'linus', createdAt: '2026-11-12T09:00:00Z' });
    const imported = page.getByRole('row').filter({ hasText: 'linus' });
    await imported.getByText('50 % · 5 of 10').waitFor();
    expect(await imported.getByText('No worker is running').count()).toBe(0);
    await tab('Active 2').waitFor();
    await site.program.query(`update jobs set done_count = 100, sequence = sequence + 1 where created_by = 'grace'`);
    await row.getByText('50 % · 100 of 200').waitFor();
    expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true);
  });

  it('keeps state, type, days, order and place in the address', async () => {
    for (let day = 1; day <= 30; day++) {
      await addJob(site.program, { type: day % 2 ? 'import' : 'draft', createdAt: `2026-10-${String(day).padStart(2, '0')}T23:30:00Z`, dryRun: day === 29, status: day === 30 ? 'cancelled' : 'succeeded' });
    }
    await go();
    await tab('Succeeded 29').click();
    await page.getByLabel('Type').selectOption('Import');
    await page.getByLabel('Created from (UTC)').fill('2026-10-03');
    await page.getByLabel('Created from (UTC)').press('Enter');
    await page.getByLabel('Created until (UTC)').fill('2026-10-29');
    await page.getByLabel('Created until (UTC)').press('Enter');
    await page.getByLabel('Order').selectOption('Oldest');
    await page.getByText('14 jobs').waitFor();
    await page.getByText('Dry run').waitFor();
    expect(new URL(page.url()).search).toBe('?status=SUCCEEDED&type=IMPORT&from=2026-10-03&to=2026-10-29&order=OLDEST');
    const shown = await names();
    expect(shown[0]).toMatch(/^Import job of 3 Oct 2026/);
    const fresh = await page.context().newPage();
    await fresh.goto(page.url());
    await fresh.getByText('14 jobs').waitFor();
    expect(await names(fresh)).toEqual(shown);
    await fresh.close();
    await page.goBack();
    await page.getByLabel('Order').and(page.locator('select')).waitFor();
    expect(new URL(page.url()).search).toBe('?status=SUCCEEDED&type=IMPORT&from=2026-10-03&to=2026-10-29');
  });

  it('says that no job matches, and takes the filters away', async () => {
    await go('?status=FAILED&type=SEND');
    await page.getByText('No job matches these filters').waitFor();
    await page.getByRole('link', { name: 'Clear the filters' }).click();
    await page.getByText('32 jobs').waitFor();
  });

  it('goes by the keyboard: along the rows, into a job, back to the list', async () => {
    await go('?order=OLDEST');
    await jobs().first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/^Draft job of 2 Oct/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Draft job' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
  });

  it('tells what to do instead where a platform cannot be searched, and keeps what was typed', async () => {
    await go();
    await page.getByRole('button', { name: 'Discover prospects' }).click();
    const form = dialog('Discover prospects');
    await form.getByLabel('Websites').fill('postgres');
    await form.getByLabel('Platform').selectOption('LinkedIn');
    await form.getByRole('button', { name: 'Start the search' }).click();
    await form.getByText('LinkedIn has no open door for searching').waitFor();
    await form.getByRole('link', { name: 'Import what it exports' }).waitFor();
    expect(await form.getByLabel('Search for').inputValue()).toBe('postgres');
    await form.getByLabel('Platform').selectOption('GitHub');
    await form.getByLabel('Prospects at most').fill('0');
    await form.getByRole('button', { name: 'Start the search' }).click();
    await form.getByText('The limit is 1 to 10,000 prospects.').waitFor();
  });

  it('starts a search once, however quickly it is asked for twice', async () => {
    await go('?start=discover');
    const form = dialog('Discover prospects');
    await form.getByLabel('Websites').fill('https://nobody.invalid/');
    await form.getByRole('button', { name: 'Start the search' }).dblclick();
    await page.getByRole('heading', { name: 'Discover job' }).waitFor();
    await page.getByRole('region', { name: 'Requests' }).getByText('https://nobody.invalid/').waitFor();
    expect(await site.program.query(`select count(*)::int as count from jobs where job_type = 'discover'`)).toEqual([{ count: 1 }]);
  });

  it('starts no draft job over another number than was read, and shows the new one', async () => {
    await site.program.addProspects(3);
    await go('?start=draft');
    const form = dialog('Start a draft job');
    await form.getByRole('button', { name: 'Write 3 drafts' }).waitFor();
    await site.program.addProspects(2, { name: 'Latecomer' });
    await form.getByLabel('Text').fill('Typed before');
    // That the page counts again meanwhile changes nothing of what is confirmed.
    await reconnect(page, 'DraftTargets');
    await form.getByRole('button', { name: 'Write 3 drafts' }).click();
    await form.getByText('No job was started').waitFor();
    await form.getByRole('button', { name: 'Write 5 drafts' }).waitFor();
    expect(await form.getByLabel('Text').inputValue()).toBe('Typed before');
    expect(await site.program.query(`select count(*)::int as count from jobs where job_type = 'draft' and created_by = 'admin'`)).toEqual([{ count: 0 }]);
  });

  it('shows what was last read, and why there is nothing newer', async () => {
    await go();
    await page.getByText('33 jobs').waitFor();
    await site.program.query('alter table jobs rename to jobs_elsewhere');
    await page.getByText('The list of jobs could not be read').waitFor();
    await page.getByText('What stands here was read').waitFor();
    await page.getByText('33 jobs').waitFor();
    await site.program.query('alter table jobs_elsewhere rename to jobs');
    // A job that runs is asked for again and again.
    await page.getByText('The list of jobs could not be read').waitFor({ state: 'detached' });
  });

  it('offers a viewer nothing to start, and says why', async () => {
    const viewer = await site.visit({ key: await site.program.createKey('viewer') });
    await viewer.goto(site.url('jobs?start=draft'));
    await viewer.getByText('Your key may not start jobs').waitFor();
    expect(await viewer.getByRole('button', { name: 'Start a draft job' }).count()).toBe(0);
    expect(await viewer.getByRole('dialog').count()).toBe(0);
    await viewer.context().close();
  });

  it.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 360 },
  ] as const)('has nothing that axe finds and nothing too wide: $colorScheme, $width px', async ({ colorScheme, width }) => {
    const visitor = await site.visit({ colorScheme, viewport: { width, height: 800 } });
    const found: string[] = [];
    for (const [search, text] of [['', '33 jobs'], ['?status=FAILED', 'No job matches these filters'], ['?start=discover', 'Start the search']] as const) {
      await visitor.goto(site.url(`jobs${search}`));
      await visitor.getByText(text).waitFor();
      found.push(...(await faults(visitor)));
    }
    await visitor.context().close();
    expect(found).toEqual([]);
  });

  it('has not crashed', () => {
    expect(site.crashes).toEqual([]);
  });

  async function names(where: Page = page): Promise<(string | null)[]> {
    await where.getByRole('table', { name: 'Jobs' }).waitFor();
    return where.getByRole('table', { name: 'Jobs' }).getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('aria-label')));
  }
});
