import type { Page } from 'playwright-core';
import { describeInBrowser, faults, Site } from './site.ts';

const pages = {
  '/': 'Overview',
  '/jobs': 'Jobs',
  '/jobs?start=draft': 'Start a draft job',
  '/prospects?stage=REVIEWED': 'Prospects',
  '/schema': 'Schema health',
};

describeInBrowser('the dashboard', () => {
  let site!: Site;
  let page: Page;
  let jobPath = '';
  /** what came through the socket about the job */
  const pushed: { sequence: number; processed: number }[] = [];

  beforeAll(async () => {
    site = await Site.open();
    await site.program.addProspects(1_200, { silent: 100 });
    await site.program.addProspects(60, { review: 'pending', name: 'Newcomer' });
    page = await site.enter();
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => pushed.push(...progressIn(payload.toString()))));
  }, 120_000);

  afterAll(async () => {
    await site?.close();
  }, 30_000);

  it('asks for a key where the browser has none', async () => {
    await page.goto(site.program.url);
    await page.getByRole('heading', { name: 'Sign in to Outrider' }).waitFor();
  });

  it('signs in by the printed address and takes the token out of it', async () => {
    await page.goto(site.program.loginUrl());
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(page.url()).toBe(site.program.url);
  });

  it('shows every prospect in the funnel', async () => {
    await page.getByRole('region', { name: 'Pipeline' }).getByText('1,260 prospects').waitFor();
    await page.getByRole('link', { name: /^Reviewed .*1,200$/ }).waitFor();
  });

  it('says that no worker is running when a job that was started waits for one', async () => {
    await page.getByRole('link', { name: 'Start a draft job' }).click();
    const dialog = page.getByRole('dialog', { name: 'Start a draft job' });
    await dialog.getByLabel('Text').fill('Hello, I read: {{ bioText }}');
    await dialog.getByRole('region', { name: 'Preview' }).getByText('Hello, I read: Makes things').waitFor();
    await dialog.getByRole('button', { name: 'Write 1,200 drafts' }).click();
    await page.getByText('No worker is running').waitFor();
    jobPath = new URL(page.url()).pathname;
    expect(await progress(page)).toBe(0);
  });

  it('follows the job to 100 % without a reload once a worker runs', async () => {
    await page.evaluate(() => Object.assign(window, { notReloaded: true }));
    await site.program.work();
    await page.getByText('100 %', { exact: true }).waitFor();
    await page.getByText('Completed with errors').waitFor();
    await page.getByText('No worker is running').waitFor({ state: 'detached' });
    expect(await progress(page)).toBe(100);
    expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true);
    expect(pushed.at(-1)).toMatchObject({ processed: 1_200 });
    expect(pushed.map(({ sequence }) => sequence)).toEqual([...new Set(pushed.map(({ sequence }) => sequence))].toSorted((a, b) => a - b));
    expect(await site.program.query('select count(*)::int as count from email_drafts')).toEqual([{ count: 1_188 }]);
  });

  it('shows the drafts and the failures of the job as the database has them', async () => {
    await page.getByRole('region', { name: 'Failures', exact: true }).getByText('12 targets').waitFor();
    await page.getByRole('region', { name: 'Drafts', exact: true }).getByText('1,188 drafts').waitFor();
    await page.getByRole('button', { name: 'Retry 12 failed targets' }).waitFor();
  });

  it('says that live updates are lost while the server is gone, and fills the gap when it is back', async () => {
    await page.goto(site.program.url);
    await page.getByText('1,260 prospects').waitFor();
    await site.program.stop(site.server, 'SIGKILL');
    await page.getByText('Live updates lost').waitFor({ timeout: 1_000 });
    await site.program.addProspects(1, { review: 'pending', name: 'Latecomer' });
    site.server = await site.program.serve();
    await page.getByText('Live updates lost').waitFor({ state: 'detached', timeout: 5_000 });
    await page.getByText('1,261 prospects').waitFor({ timeout: 2_000 });
  });

  it.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 360 },
  ] as const)('has nothing that axe finds and nothing too wide: $colorScheme, $width px', async ({ colorScheme, width }) => {
    const visitor = await site.visit({ colorScheme, viewport: { width, height: 800 } });
    const found: string[] = [];
    for (const [path, heading] of Object.entries({ ...pages, [jobPath]: 'Draft job' })) {
      await visitor.goto(new URL(path, site.program.url).href);
      await visitor.getByRole('heading', { name: heading }).first().waitFor();
      await visitor.getByRole('status', { name: /^Reading/ }).first().waitFor({ state: 'detached' });
      found.push(...(await faults(visitor)));
    }
    await visitor.context().close();
    expect(found).toEqual([]);
  });

  it('has not crashed on any of these pages', () => {
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
