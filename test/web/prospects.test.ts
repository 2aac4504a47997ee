import type { Page } from 'playwright-core';
import { describeInBrowser, faults, holdReads, reconnect, Site } from './site.ts';

describeInBrowser('the prospects page', () => {
  let site!: Site;
  let page: Page;

  beforeAll(async () => {
    site = await Site.open({ SECRET_KEY: 'b'.repeat(48) });
    await site.program.addProspects(60, { review: 'pending', name: 'Newcomer' });
    await site.program.addProspects(240, { review: 'approved', name: 'Partner' });
    await site.program.query(`update prospects set tags = '{rust,berlin}', follower_count = 5000 where display_name in ('Newcomer 7', 'Newcomer 8')`);
    page = site.page;
  });

  afterAll(async () => {
    await site?.close();
  });

  const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  const list = (search: string) => page.goto(site.url(`prospects?${search}`));
  const detail = () => page.getByRole('complementary', { name: 'Prospect', exact: true });
  const statusOf = async (name: string) => (await site.program.query('select review_status from prospects where display_name = $1', [name]))[0]!['review_status'];
  const focused = () => page.evaluate(() => document.activeElement?.textContent);

  describe('review', () => {
    it('goes by the keyboard alone: moving, selecting a range, approving, undoing', async () => {
      await list('stage=DISCOVERED&order=NAME');
      await page.getByText('60 prospects match').waitFor();
      await page.keyboard.press('j');
      await waitForText(page, 'Newcomer 1');
      await page.keyboard.press('j');
      await page.keyboard.press('x');
      await page.keyboard.press('Shift+J');
      await page.keyboard.press('Shift+J');
      await page.keyboard.press('Shift+K');
      await page.getByText('2 prospects selected').waitFor();
      await page.keyboard.press('a');
      await page.getByText('2 prospects approved').waitFor();
      await page.getByText('58 prospects match').waitFor();
      await row('Newcomer 10').waitFor({ state: 'detached' });
      expect(await focused()).toMatch(/^Newcomer/);
      await page.keyboard.press('z');
      await page.getByText('2 prospects reopened').waitFor();
      await page.getByText('60 prospects match').waitFor();
    });

    it('rejects the row that the keyboard stands on, and undoes it by the toast', async () => {
      await list('stage=DISCOVERED&order=NAME');
      await row('Newcomer 1').waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('r');
      await page.getByText('1 prospect rejected').waitFor();
      expect(await statusOf('Newcomer 1')).toBe('rejected');
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('1 prospect reopened').waitFor();
      expect(await statusOf('Newcomer 1')).toBe('pending');
    });

    it('selects a range by a click with Shift', async () => {
      await list('stage=DISCOVERED&order=NAME');
      await page.getByLabel('Select Newcomer 10', { exact: true }).click();
      await page.getByLabel('Select Newcomer 13', { exact: true }).click({ modifiers: ['Shift'] });
      await page.getByText('4 prospects selected').waitFor();
      await row('Newcomer 15').click({ modifiers: ['Shift'] });
      await page.getByText('6 prospects selected').waitFor();
      await page.keyboard.press('Escape');
      await page.getByText('6 prospects selected').waitFor({ state: 'detached' });
    });

    it('decides over all that match once the count is confirmed, and says so when it has changed', async () => {
      await list('stage=DISCOVERED&q=Newcomer');
      await page.getByText('60 prospects match').waitFor();
      await page.getByLabel('Select this page').check();
      await page.getByRole('button', { name: 'Select all 60' }).click();
      await page.getByRole('button', { name: 'Approve', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Approve all that match?' });
      await dialog.getByText('60 prospects match').waitFor();
      await site.program.addProspects(1, { review: 'pending', name: 'Newcomer Late' });
      // That the page counts again meanwhile changes nothing of what is confirmed.
      await reconnect(page, 'Prospects');
      await page.getByText('All 61 that match').waitFor();
      await dialog.getByRole('button', { name: 'Approve 60 prospects' }).click();
      await dialog.getByText('61 prospects are selected now, not 60').waitFor();
      expect(await site.program.query(`select count(*)::int as count from prospects where review_status = 'pending'`)).toEqual([{ count: 61 }]);
      await dialog.getByRole('button', { name: 'Approve 61 prospects' }).click();
      await page.getByText('61 prospects approved').waitFor();
      await page.getByText('No prospect matches these filters').waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('61 prospects reopened').waitFor();
      await page.getByText('61 prospects match').waitFor();
      await site.program.query(`delete from prospects where display_name = 'Newcomer Late 1'`);
    });

    it('leaves those that could not be decided over selected, with their reason', async () => {
      await site.program.query(`update prospects set review_status = 'rejected' where display_name = 'Newcomer 2'`);
      await list('q=Newcomer&order=NAME');
      await page.getByLabel('Select Newcomer 19', { exact: true }).click();
      await page.getByLabel('Select Newcomer 2', { exact: true }).click();
      await page.getByRole('button', { name: 'Approve', exact: true }).click();
      await page.getByText('1 prospect could not be approved').waitFor();
      await row('Newcomer 2').getByText('The prospect is REJECTED and cannot become APPROVED').waitFor();
      expect(await page.getByLabel('Select Newcomer 2', { exact: true }).isChecked()).toBe(true);
      expect(await page.getByLabel('Select Newcomer 19', { exact: true }).isChecked()).toBe(false);
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('1 prospect reopened').waitFor();
      await site.program.query(`update prospects set review_status = 'pending' where display_name = 'Newcomer 2'`);
    });

    it('keeps the selection while the list is read again', async () => {
      await list('stage=DISCOVERED&order=NAME');
      await page.getByLabel('Select Newcomer 3', { exact: true }).check();
      await page.getByRole('row', { name: /Newcomer 10/ }).getByRole('link', { name: 'Newcomer 10' }).focus();
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByText('1 not on this page').waitFor();
      await page.getByRole('button', { name: 'First' }).click();
      await row('Newcomer 3').waitFor();
      expect(await page.getByLabel('Select Newcomer 3', { exact: true }).isChecked()).toBe(true);
    });
  });

  describe('the list', () => {
    it('keeps filters, order and place in the address, so that a fresh page shows the same rows', async () => {
      await list('');
      await page.getByLabel('Stage').selectOption('DISCOVERED');
      await page.getByLabel('Order').selectOption('NAME');
      await page.getByText('60 prospects match').waitFor();
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('button', { name: 'First' }).waitFor();
      const names = (of: Page) => of.getByRole('row').getByRole('link', { name: /^Newcomer/ });
      await expectCount(page, 10);
      const fresh = await page.context().newPage();
      await fresh.goto(page.url());
      await expectCount(fresh, 10);
      expect(await names(fresh).allTextContents()).toEqual(await names(page).allTextContents());
      await fresh.close();
      await page.goBack();
      await expectCount(page, 50);
    });

    it('reads a long number exactly', async () => {
      await list('q=12345678901234567890');
      await page.getByText('No prospect matches these filters').waitFor();
      expect(await page.getByLabel('Search').inputValue()).toBe('12345678901234567890');
      await page.getByRole('button', { name: 'Clear the filters' }).click();
      await page.getByText('300 prospects match').waitFor();
    });

    it('filters by tags with their counts, by followers and by days', async () => {
      await list('');
      await page.getByRole('button', { name: 'More filters' }).click();
      await page.getByRole('combobox', { name: 'Tag', exact: true }).selectOption({ label: 'rust (2)' });
      await page.getByText('2 prospects match').waitFor();
      await page.getByLabel('Followers at least').fill('5001');
      await page.keyboard.press('Enter');
      await page.getByText('No prospect matches these filters').waitFor();
      await page.getByRole('button', { name: /^At least 5,001 followers/ }).click();
      await page.getByText('2 prospects match').waitFor();
      await page.getByLabel('Found from (UTC)').fill('2020-01-01');
      await page.keyboard.press('Enter');
      await page.getByText('Found from 2020-01-01').waitFor();
      await page.getByText('2 prospects match').waitFor();
    });

    it('shows as many rows as are wanted, and moves through them by keyboard', async () => {
      await list('rows=1000&order=NAME');
      await page.getByText('300 prospects match').waitFor();
      await page.getByRole('table', { name: 'Prospects' }).and(page.locator('[aria-rowcount="301"]')).waitFor();
      expect(await page.getByRole('row').count()).toBeLessThan(120);
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      for (let step = 0; step < 40; step += 1) await page.keyboard.press('j');
      await waitForText(page, 'Newcomer 46');
      await page.getByLabel('Rows per page').selectOption('200');
      await expectCount(page, 200, /^(Newcomer|Partner)/);
    });

    it('says that it could not be read and why, with what was last known', async () => {
      await list('stage=DISCOVERED&order=NAME');
      await row('Newcomer 1').waitFor();
      await site.program.query('alter table prospects rename column bio_text to bio_gone');
      await page.reload();
      await page.getByText('The list of prospects could not be read').waitFor();
      await page.getByRole('link', { name: 'Schema health' }).first().waitFor();
      expect(await faults(page)).toEqual([]);
      // Not by itself.
      const release = await holdReads(page);
      const asked = page.waitForRequest((request) => (request.postData() ?? '').includes('query Prospects'));
      await page.getByRole('button', { name: 'Try again' }).first().click();
      await asked;
      expect(await page.getByText('The list of prospects could not be read').isVisible()).toBe(true);
      await site.program.query('alter table prospects rename column bio_gone to bio_text');
      await release();
      await row('Newcomer 1').waitFor();
    });
  });

  describe('the detail', () => {
    it('opens by Enter, moves with J, closes by Escape, and gives the focus back to the row', async () => {
      await list('stage=DISCOVERED&order=NAME');
      await row('Newcomer 1').waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await detail().getByRole('heading', { name: 'Newcomer 1' }).waitFor();
      await detail().getByText('newcomer1@example.org').waitFor();
      await page.keyboard.press('j');
      await detail().getByRole('heading', { name: 'Newcomer 10' }).waitFor();
      await page.reload();
      await detail().getByRole('heading', { name: 'Newcomer 10' }).waitFor();
      await page.keyboard.press('Escape');
      await detail().waitFor({ state: 'detached' });
      await waitForText(page, 'Newcomer 10');
    });

    it('gives the focus to its row also where that is read after it has been closed', async () => {
      await list('stage=DISCOVERED&order=NAME');
      await page.getByRole('link', { name: 'Newcomer 10', exact: true }).click();
      await detail().getByRole('heading', { name: 'Newcomer 10' }).waitFor();
      const release = await holdReads(page, 'Prospects(');
      await page.reload();
      await detail().getByRole('heading', { name: 'Newcomer 10' }).waitFor();
      await page.keyboard.press('Escape');
      await detail().waitFor({ state: 'detached' });
      await release();
      await waitForText(page, 'Newcomer 10');
    });

    it('rejects with a reason, which the history tells', async () => {
      await list('stage=DISCOVERED&order=NAME');
      await page.getByRole('link', { name: 'Newcomer 4', exact: true }).click();
      await detail().getByRole('button', { name: 'Reject Newcomer 4' }).click();
      await detail().getByLabel('Reason').fill('Sells the same');
      await detail().getByRole('button', { name: 'Reject with this reason' }).click();
      await detail().getByText('Rejected: Sells the same').waitFor();
      await detail().getByText('Reviewed: Pending → Rejected').waitFor();
      await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Reopen Newcomer 4');
      await detail().getByRole('button', { name: 'Reopen Newcomer 4' }).click();
      await detail().getByText('Reviewed: Rejected → Pending').waitFor();
    });

    it('says that there is no such prospect', async () => {
      const [gone] = await site.program.query(`insert into prospects (id, canonical_key, display_name, email) values (gen_random_uuid(), 'gone', 'Gone', 'gone@example.org') returning id`);
      await list('q=Gone');
      await page.getByRole('link', { name: 'Gone', exact: true }).click();
      await detail().getByText('gone@example.org').waitFor();
      await site.program.query('delete from prospects where id = $1', [gone!['id']]);
      await page.reload();
      await detail().getByText('There is no such prospect').waitFor();
    });

    it('shows what can be read where a part cannot', async () => {
      await site.program.query('alter table email_drafts rename column problems to problems_gone');
      await list('q=Partner&order=NAME');
      await page.getByRole('link', { name: 'Partner 1', exact: true }).click();
      await detail().getByText('partner1@example.org').waitFor();
      await detail().getByText('The drafts could not be read').waitFor();
      await site.program.query('alter table email_drafts rename column problems_gone to problems');
    });
  });

  it('offers a viewer nothing that a viewer may not do, and says why', async () => {
    const viewer = await site.visit({ key: await site.program.createKey('viewer') });
    await viewer.goto(site.url('prospects?stage=DISCOVERED&order=NAME'));
    await viewer.getByText('Your key may not decide over prospects').waitFor();
    await viewer.getByRole('link', { name: 'Newcomer 1', exact: true }).click();
    await viewer.getByText('newcomer1@example.org').first().waitFor();
    expect(await viewer.getByRole('checkbox').count()).toBe(0);
    expect(await viewer.getByRole('button', { name: /^Approve/ }).count()).toBe(0);
    await viewer.context().close();
  });

  it.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 360 },
  ] as const)('has nothing that axe finds and nothing too wide: $colorScheme, $width px', async ({ colorScheme, width }) => {
    await site.program.query(`update prospects set display_name = repeat('Very long name ', 20) where display_name = 'Newcomer 60'`);
    const visitor = await site.visit({ colorScheme, viewport: { width, height: 800 } });
    const found: string[] = [];
    const look = async () => found.push(...(await faults(visitor)));
    await visitor.goto(site.url('prospects?tag=rust'));
    await visitor.getByRole('link', { name: 'Newcomer 7', exact: true }).waitFor();
    await visitor.getByRole('button', { name: 'More filters' }).click();
    await visitor.getByLabel('Select this page').check();
    await look();
    await visitor.keyboard.press('*');
    await visitor.keyboard.press('m');
    await visitor.getByRole('button', { name: 'Reject', exact: true }).click();
    await visitor.getByRole('dialog', { name: 'Reject all that match?' }).waitFor();
    await look();
    await visitor.goto(site.url('prospects?q=nobody'));
    await visitor.getByText('No prospect matches these filters').waitFor();
    await look();
    await visitor.goto(site.url('prospects?q=Long'));
    await visitor.getByRole('link', { name: /^Very long/ }).click();
    await visitor.getByText('newcomer60@example.org').last().waitFor();
    await visitor.getByRole('heading', { name: 'History' }).waitFor();
    await look();
    await visitor.context().close();
    expect(found).toEqual([]);
  });

  it('has not crashed', () => {
    expect(site.crashes).toEqual([]);
  });
});

/** Until what has the focus has this text. */
async function waitForText(page: Page, text: string): Promise<void> {
  await page.waitForFunction((wanted) => document.activeElement?.textContent === wanted, text);
}

async function expectCount(page: Page, count: number, name = /^Newcomer/): Promise<void> {
  const links = page.getByRole('row').getByRole('link', { name });
  await links.nth(count - 1).waitFor();
  expect(await links.count()).toBe(count);
}
