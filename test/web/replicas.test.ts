import type { Page } from 'playwright-core';
import { ReplicatedBench } from '../replicas/support.ts';
import { describeInBrowser, faults, Site } from './site.ts';

describeInBrowser('the read replicas on the page of schema health', () => {
  let bench: ReplicatedBench;
  let site!: Site;
  let page: Page;
  const panel = () => page.getByRole('region', { name: 'Read replicas' });

  beforeAll(async () => {
    bench = await ReplicatedBench.open();
    site = await Site.open({ DATABASE_URL: bench.primary.url, DATABASE_REPLICA_URLS: bench.standby.url });
    page = site.page;
    await page.goto(site.url('schema'));
  });

  afterAll(async () => {
    await site?.close();
    await bench?.remove();
  });

  it('says which is in use, and of one that is gone why, until it is back', async () => {
    await panel().getByText('1 of 1 in use').waitFor();
    await bench.standby.stop();
    await panel().getByText('0 of 1 in use').waitFor();
    await panel().getByText('Left out').waitFor();
    await panel().getByText(/cannot be used: /).waitFor();
    await panel().getByText('Everything is read from the primary.').waitFor();
    expect(await faults(page)).toEqual([]);

    await bench.standby.start();
    await panel().getByText('1 of 1 in use').waitFor();
    await panel().getByText('In use', { exact: true }).waitFor();
    expect(await faults(page)).toEqual([]);
  });

  it('has not crashed', () => {
    expect(site.crashes).toEqual([]);
  });
});
