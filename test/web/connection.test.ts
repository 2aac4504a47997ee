import type { Page } from 'playwright-core';
import { describeInBrowser, faults, Site } from './site.ts';

describeInBrowser('live updates', () => {
  let site!: Site;
  let page: Page;
  const banner = () => page.getByText(/Live updates lost/);

  beforeAll(async () => {
    site = await Site.open();
    page = site.page;
    await site.program.addProspects(3, { review: 'pending' });
  });

  afterAll(async () => {
    await site?.close();
  });

  it('are said to be lost while the server is gone; the gap is filled when it is back, and nothing typed or selected is lost', async () => {
    await page.goto(site.url('prospects?review=PENDING'));
    await page.getByText('3 prospects match').waitFor();
    await page.evaluate(() => Object.assign(window, { notReloaded: true }));
    await page.getByRole('row', { name: /Prospect 1/ }).getByRole('checkbox').check();
    await page.getByLabel('Reason for a rejection').fill('not a maintainer');
    await site.program.stop(site.server, 'SIGKILL');
    await banner().waitFor();
    await page.getByText('What you see is from').locator('time').waitFor();
    expect(await faults(page)).toEqual([]);
    await site.program.addProspects(1, { review: 'pending', name: 'Latecomer' });
    site.server = await site.program.serve();
    await banner().waitFor({ state: 'detached' });
    await page.getByText('4 prospects match').waitFor();
    expect(await page.getByRole('row', { name: /Prospect 1/ }).getByRole('checkbox').isChecked()).toBe(true);
    expect(await page.getByLabel('Reason for a rejection').inputValue()).toBe('not a maintainer');
    expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true);
  });

  it.each([1280, 360])('are said to be lost when the server falls silent without closing anything, and nothing moves or is hidden for that: %i px', async (width) => {
    const heading = page.getByRole('heading', { name: 'Prospects', exact: true });
    await page.setViewportSize({ width, height: 720 });
    const before = await heading.boundingBox();
    site.server.kill('SIGSTOP');
    await banner().waitFor();
    expect(await heading.boundingBox()).toEqual(before);
    const alert = (await page.getByRole('alert').filter({ has: banner() }).locator('> *').boundingBox())!;
    expect(alert.y + alert.height).toBeLessThanOrEqual(before!.y + 1);
    site.server.kill('SIGCONT');
    await banner().waitFor({ state: 'detached' });
  });

  it('are said to be lost when the machine goes offline, and come back with it', async () => {
    await page.context().setOffline(true);
    await banner().waitFor();
    await page.context().setOffline(false);
    await banner().waitFor({ state: 'detached' });
  });

  it('leave no page crashed', () => {
    expect(site.crashes).toEqual([]);
  });
});
