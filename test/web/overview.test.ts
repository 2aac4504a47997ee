import type { Page } from 'playwright-core';
import { describeInBrowser, faults, Site } from './site.ts';

describeInBrowser('the overview', () => {
  let site!: Site;
  let page: Page;

  beforeAll(async () => {
    site = await Site.open({ SCHEMA_POLICY: 'degrade' });
    page = site.page;
  });

  afterAll(async () => {
    await site?.close();
  });

  it('says what comes first where there is no prospect', async () => {
    await page.getByText('There are no prospects yet').waitFor();
    await page.getByText('No job has run yet').waitFor();
    expect(await faults(page)).toEqual([]);
  });

  it('leads from a number of the funnel to as many rows', async () => {
    await site.program.addProspects(12, { review: 'approved' });
    await site.program.addProspects(5, { review: 'pending', name: 'Newcomer' });
    await page.getByText('17 prospects').waitFor();
    await page.getByRole('link', { name: /^Discovered.*\b5$/ }).click();
    await page.getByText('5 prospects match').waitFor();
    await page.goBack();
    await page.getByRole('link', { name: '5 Prospects to review' }).waitFor();
  });

  it('keeps the chosen pipeline in the address', async () => {
    await page.getByLabel('Source').selectOption('SOCIAL');
    await page.getByText('There are no prospects yet').waitFor();
    await page.reload();
    await page.getByText('There are no prospects yet').waitFor();
    expect(new URL(page.url()).search).toBe('?source=SOCIAL');
    await page.goto(site.program.url);
    await page.getByText('17 prospects').waitFor();
  });

  it('goes to every page and to the help by the keyboard, and back to the content', async () => {
    for (const [key, heading] of Object.entries({ p: 'Prospects', d: 'Drafts', m: 'Messages', j: 'Jobs', s: 'Schema health', e: 'Settings', o: 'Overview' })) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      expect(await page.evaluate(() => document.querySelector('main')?.contains(document.activeElement))).toBe(true);
    }
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard' });
    await help.getByRole('region', { name: 'Everywhere' }).getByText('Schema health').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
  });

  it('writes times in UTC when told so, and still does after a reload', async () => {
    await page.getByRole('button', { name: 'Write times in UTC' }).click();
    await page.reload();
    const counted = page.getByRole('region', { name: 'Pipeline' }).locator('time');
    await counted.focus();
    await page.getByRole('tooltip').getByText(/ UTC$/).waitFor();
    await page.getByRole('button', { name: 'Write times in UTC' }).click();
  });

  it('shows what works where one feature does not, and says what the other lacks', async () => {
    await site.program.query('alter table jobs rename to jobs_elsewhere');
    await page.getByText('The jobs could not be read').waitFor();
    await page.getByRole('region', { name: 'Pipeline' }).getByText('17 prospects').waitFor();
    await page.getByRole('link', { name: 'Schema health' }).nth(1).waitFor();
    expect(await faults(page)).toEqual([]);
    await site.program.query('alter table jobs_elsewhere rename to jobs');
    await page.getByText('The jobs could not be read').waitFor({ state: 'detached' });
  });

  it('has not crashed', () => {
    expect(site.crashes).toEqual([]);
  });
});
