import type { Page } from 'playwright-core';
import { describeInBrowser, faults, holdReads, Site } from './site.ts';

describeInBrowser('prospects by hand', () => {
  let site!: Site;
  let page: Page;

  beforeAll(async () => {
    site = await Site.open({ SECRET_KEY: 'b'.repeat(48) });
    await site.program.addProspects(5, { review: 'pending', name: 'Newcomer' });
    page = site.page;
  });

  afterAll(async () => {
    await site?.close();
  });

  const detail = () => page.getByRole('complementary', { name: 'Prospect', exact: true });
  const stored = async (name: string) => (await site.program.query('select * from prospects where display_name = $1', [name]))[0];

  async function open(name: string) {
    await page.goto(site.url('prospects?order=NAME'));
    await page.getByRole('link', { name, exact: true }).click();
    await detail().getByRole('button', { name: `Edit ${name}` }).waitFor();
  }

  describe('adding one', () => {
    it('says at each field what is wrong with it, and keeps what was typed', async () => {
      await page.goto(site.url('prospects'));
      await page.getByRole('link', { name: 'Add a prospect' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add a prospect' });
      await dialog.getByLabel('Name').fill('Ada Lovelace');
      await dialog.getByLabel('E-mail address').fill('nowhere');
      await dialog.getByRole('button', { name: 'Add the prospect' }).click();
      await dialog.getByText('An e-mail address looks like name@example.org.').waitFor();
      await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
      expect(await dialog.getByLabel('E-mail address').inputValue()).toBe('nowhere');
      expect(await faults(page)).toEqual([]);
    });

    it('leads to the one that is there already', async () => {
      const dialog = page.getByRole('dialog', { name: 'Add a prospect' });
      await dialog.getByLabel('E-mail address').fill('ada@example.org');
      await dialog.getByLabel('Profile URL').fill('https://www.example.org/newcomer3/');
      await dialog.getByRole('button', { name: 'Add the prospect' }).click();
      await dialog.getByText('There is a prospect with this address already').waitFor();
      await dialog.getByRole('link', { name: 'Open Newcomer 3' }).click();
      await detail().getByRole('heading', { name: 'Newcomer 3' }).waitFor();
    });

    it('opens the new one', async () => {
      await page.goto(site.url('prospects?start=add'));
      const dialog = page.getByRole('dialog', { name: 'Add a prospect' });
      await dialog.getByLabel('Name').fill('Ada Lovelace');
      await dialog.getByLabel('Profile URL').fill('https://ada.example.org/');
      await dialog.getByLabel('Tags').fill('maths\nengines, analytical');
      await dialog.getByRole('button', { name: 'Add the prospect' }).click();
      await detail().getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
      expect(await stored('Ada Lovelace')).toMatchObject({ tags: ['maths', 'engines, analytical'], profile_url: 'https://ada.example.org/' });
    });

    it('asks before what was typed is lost', async () => {
      await page.goto(site.url('prospects?start=add'));
      const dialog = page.getByRole('dialog', { name: 'Add a prospect' });
      await dialog.getByLabel('Name').fill('Grace');
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Keep editing' }).click();
      expect(await dialog.getByLabel('Name').inputValue()).toBe('Grace');
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: 'Leave without saving' }).click();
      await dialog.waitFor({ state: 'detached' });
    });
  });

  describe('editing one', () => {
    it('keeps what was typed when it has changed on the server, and shows what', async () => {
      await open('Newcomer 1');
      await detail().getByRole('button', { name: 'Edit Newcomer 1' }).click();
      await detail().getByLabel('About').fill('Mine');
      // The page knows nothing of it before it is told.
      const release = await holdReads(page);
      await site.program.query(`update prospects set bio_text = 'Theirs', tags = '{new}' where display_name = 'Newcomer 1'`);
      await page.keyboard.press('Control+s');
      await release();
      await detail().getByText('The prospect has changed since it was read').waitFor();
      await detail().getByText('Changed by somebody else meanwhile').waitFor();
      await detail().getByText('Theirs', { exact: true }).waitFor();
      expect(await detail().getByLabel('About').inputValue()).toBe('Mine');
      expect(await detail().getByLabel('Tags').inputValue()).toBe('new');
      await detail().getByRole('button', { name: 'Keep mine for About' }).click();
      await page.keyboard.press('Control+s');
      await page.getByText('Newcomer 1 saved').waitFor();
      expect(await faults(page)).toEqual([]);
      expect(await stored('Newcomer 1')).toMatchObject({ bio_text: 'Mine', tags: ['new'] });
      await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Edit Newcomer 1');
    });

    it('asks before another one is opened over what was typed', async () => {
      await open('Newcomer 2');
      await detail().getByRole('button', { name: 'Edit Newcomer 2' }).click();
      await detail().getByLabel('Handle').fill('two');
      await page.getByRole('link', { name: 'Newcomer 3', exact: true }).click();
      await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Keep editing' }).click();
      expect(await detail().getByLabel('Handle').inputValue()).toBe('two');
      await detail().getByRole('button', { name: 'Discard' }).click();
      await detail().getByRole('button', { name: 'Cancel' }).click();
      await detail().getByRole('button', { name: 'Edit Newcomer 2' }).waitFor();
    });
  });

  describe('removing one', () => {
    it('deletes after a question, and says what erases whoever was written to', async () => {
      await site.program.query(`
        with draft as (
          insert into email_drafts (id, prospect_id, subject, body, fingerprint, recipient, status, approved_fingerprint)
          select gen_random_uuid(), id, 'Hello', 'Hello', repeat('a', 64), email, 'approved', repeat('a', 64) from prospects where display_name = 'Newcomer 4' returning id, prospect_id
        ) insert into email_messages (id, draft_id, prospect_id, subject, body, recipient, message_id, status)
        select gen_random_uuid(), id, prospect_id, 'Hello', 'Hello', 'newcomer4@example.org', 'one@example.org', 'queued' from draft`);
      await open('Newcomer 4');
      await detail().getByRole('link', { name: 'Hello' }).first().waitFor();
      await detail().getByRole('button', { name: 'Delete Newcomer 4' }).click();
      const dialog = page.getByRole('dialog', { name: 'Delete this prospect?' });
      await dialog.getByRole('button', { name: 'Delete' }).click();
      await dialog.getByText('erase the person instead').waitFor();
      expect(await faults(page)).toEqual([]);
      await open('Newcomer 5');
      await detail().getByRole('button', { name: 'Delete Newcomer 5' }).click();
      await dialog.getByRole('button', { name: 'Delete' }).click();
      await page.getByText('Newcomer 5 deleted').waitFor();
      await detail().waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'Newcomer 5', exact: true }).waitFor({ state: 'detached' });
      expect(await stored('Newcomer 5')).toBeUndefined();
    });

    it('suppresses with a reason', async () => {
      await open('Newcomer 2');
      await detail().getByRole('button', { name: 'Suppress Newcomer 2' }).click();
      const dialog = page.getByRole('dialog', { name: 'Never contact them?' });
      await dialog.getByLabel('Reason').fill('Asked by telephone');
      await dialog.getByRole('button', { name: 'Suppress' }).click();
      await page.getByText('Newcomer 2 is suppressed').waitFor();
      await detail().getByText('Excluded').first().waitFor();
    });

    it('erases only after a typed word', async () => {
      await open('Newcomer 4');
      await detail().getByRole('button', { name: 'Erase Newcomer 4' }).click();
      const dialog = page.getByRole('dialog', { name: 'Erase this person?' });
      await dialog.getByRole('button', { name: 'Erase for ever' }).click();
      await dialog.getByText('The confirmation is missing.').waitFor();
      expect(await stored('Newcomer 4')).toBeDefined();
      await dialog.getByLabel('Type “erase” to confirm').fill('erase');
      await dialog.getByRole('button', { name: 'Erase for ever' }).click();
      await page.getByText('The person was erased').waitFor();
      expect(await stored('Newcomer 4')).toBeUndefined();
    });
  });

  describe('importing', () => {
    it('takes a pasted text and leads to its job', async () => {
      await page.goto(site.url('prospects'));
      await page.getByRole('link', { name: 'Import' }).click();
      const dialog = page.getByRole('dialog', { name: 'Import prospects' });
      await dialog.getByRole('button', { name: 'Import' }).click();
      await dialog.getByText('Choose a file that is not empty').waitFor();
      await dialog.getByLabel('Or its text').fill('Kontakt,url\nPasted,https://pasted.example.org\n');
      await dialog.getByText('Columns with other names').click();
      await dialog.getByLabel('Column = field').fill('Kontakt = displayName');
      await dialog.getByRole('button', { name: 'Import' }).click();
      await page.getByRole('heading', { level: 1, name: /Import/ }).waitFor();
      expect(await stored('Pasted')).toMatchObject({ profile_url: 'https://pasted.example.org/' });
    });

    it('streams a large file', async () => {
      await page.goto(site.url('prospects?start=import'));
      const dialog = page.getByRole('dialog', { name: 'Import prospects' });
      const rows = Array.from({ length: 3_000 }, (_, n) => JSON.stringify({ name: `Streamed ${n}`, url: `https://streamed.example.org/${n}` }));
      await dialog.getByLabel('File').setInputFiles({ name: 'people.ndjson', mimeType: 'application/x-ndjson', buffer: Buffer.from(rows.join('\n')) });
      expect(await dialog.getByLabel('Format').inputValue()).toBe('NDJSON');
      await dialog.getByRole('button', { name: 'Import' }).click();
      await page.getByRole('heading', { level: 1, name: /Import/ }).waitFor();
      expect(await site.program.query(`select count(*)::int as count from prospects where display_name like 'Streamed%'`)).toEqual([{ count: 3_000 }]);
    });
  });

  it('keeps a filter under a name, and takes it again', async () => {
    await page.goto(site.url('prospects?platform=WEBSITE&q=Streamed'));
    await page.getByText('3,000 prospects match').waitFor();
    await page.getByRole('button', { name: 'Save this filter' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save this filter' });
    await dialog.getByLabel('Name').fill('From the stream');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Filter “From the stream” saved').waitFor();
    await page.goto(site.url('prospects'));
    await page.getByRole('button', { name: 'More filters' }).click();
    await page.getByLabel('Saved filter').selectOption('From the stream');
    await page.getByText('3,000 prospects match').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('Streamed');
  });

  it('has not crashed', () => {
    expect(site.crashes).toEqual([]);
  });
});
