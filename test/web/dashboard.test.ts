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

  beforeAll(async () => {
    site = await Site.open();
    await site.program.addProspects(1_200, { silent: 100 });
    await site.program.addProspects(60, { review: 'pending', name: 'Newcomer' });
    page = await site.enter();
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
    for (const [path, heading] of Object.entries(pages)) {
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
