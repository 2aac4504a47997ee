import type { Locator, Page } from 'playwright-core';
import { Channel } from '../../src/domain/enums.ts';
import { draftFingerprint } from '../../src/domain/fingerprint.ts';
import { toGlobalId } from '../../src/domain/globalId.ts';
import { describeInBrowser, faults, reconnect, Site } from './site.ts';

interface Seed {
  name: string;
  body?: string;
  problems?: string[];
  status?: 'pending_review' | 'approved' | 'rejected';
  social?: boolean;
}

describeInBrowser('the drafts', () => {
  let site!: Site;
  let page: Page;
  let seeded = 0;

  beforeAll(async () => {
    site = await Site.open();
    page = site.page;
  });

  afterAll(async () => {
    await site?.close();
  });

  afterEach(async () => {
    await page.unrouteAll({ behavior: 'wait' });
    if (page !== site.page) await page.context().close();
    page = site.page;
  });

  /** Nothing of an earlier test is left; the drafts are written one after the other. */
  async function seed(...drafts: Seed[]): Promise<string[]> {
    await page.goto('about:blank');
    await site.program.query('truncate prospects, email_drafts, social_drafts, email_messages, social_messages, social_profiles, jobs cascade');
    return add(...drafts);
  }

  async function add(...drafts: Seed[]): Promise<string[]> {
    const rows = drafts.map(({ name, body = `Hello ${name},\n\nhow do you keep it going?`, problems = [], status = 'pending_review', social = false }) => {
      seeded += 1;
      const key = String(seeded).padStart(12, '0');
      const [channel, recipient, subject] = social ? [Channel.SOCIAL, `https://mastodon.example/@n${seeded}`, null] as const : [Channel.EMAIL, `n${seeded}@example.org`, `A question to ${name}`] as const;
      const fingerprint = draftFingerprint({ channel, recipient, subject, body });
      return { key, n: seeded, name, body, problems, status, social, recipient, subject, fingerprint };
    });
    await site.program.query(
      `with given as (select * from jsonb_to_recordset($1::jsonb) as g(key text, n int, name text, body text, problems text[], status draft_status, social boolean, recipient text, subject text, fingerprint text)),
        people as (
          insert into prospects (id, canonical_key, profile_url, display_name, email, bio_text, external_links, review_status)
          select ('10000000-0000-7000-8000-' || key)::uuid, 'example.org/' || n, 'https://example.org/' || n, name, 'n' || n || '@example.org', 'Makes engines', '["javascript:alert(1)"]', 'approved' from given),
        profiles as (
          insert into social_profiles (id, prospect_id, canonical_key, platform, username, profile_url)
          select ('20000000-0000-7000-8000-' || key)::uuid, ('10000000-0000-7000-8000-' || key)::uuid, recipient, 'mastodon', 'n' || n, recipient from given where social),
        posts as (
          insert into social_drafts (id, social_profile_id, body, fingerprint, recipient, problems, status, approved_fingerprint, created_at, updated_at)
          select ('30000000-0000-7000-8000-' || key)::uuid, ('20000000-0000-7000-8000-' || key)::uuid, body, fingerprint, recipient, problems, status, case when status = 'approved' then fingerprint end, now() - interval '1 h' + n * interval '1 s', now() - interval '1 h' + n * interval '1 s' from given where social)
      insert into email_drafts (id, prospect_id, subject, body, fingerprint, recipient, problems, status, approved_fingerprint, created_at, updated_at)
      select ('40000000-0000-7000-8000-' || key)::uuid, ('10000000-0000-7000-8000-' || key)::uuid, subject, body, fingerprint, recipient, problems, status, case when status = 'approved' then fingerprint end, now() - interval '1 h' + n * interval '1 s', now() - interval '1 h' + n * interval '1 s' from given where not social`,
      [JSON.stringify(rows)],
    );
    return rows.map(({ key, social }) => toGlobalId('Draft', `${social ? 3 : 4}0000000-0000-7000-8000-${key}`));
  }

  const visit = (path = 'drafts') => page.goto(site.url(path));
  const pane = (name: string): Locator => page.getByRole('complementary', { name: `Draft for ${name}` });
  const row = (name: string): Locator => page.getByRole('row').filter({ hasText: name });
  const asked = (query: string, variables: object) =>
    page.request.post(site.url('graphql'), { data: { query, variables } }).then((response) => response.json() as Promise<{ data: Record<string, never> }>);

  /** Somebody else, or this person elsewhere, changes the text. */
  async function changeElsewhere(id: string, body: string): Promise<void> {
    const { data } = await asked('query($id: ID!) { draft(id: $id) { version } }', { id });
    const { version } = data['draft'] as unknown as { version: number };
    await asked('mutation($input: UpdateDraftInput!) { updateDraft(input: $input) { userErrors { message } } }', { input: { id, version, body } });
  }

  const statusOf = async (name: string) =>
    (await site.program.query('select d.status, d.body, d.review_reason from email_drafts d join prospects p on p.id = d.prospect_id where p.display_name = $1', [name]))[0];

  /** The page hears nothing of what others do. */
  async function withoutSocket(): Promise<void> {
    page = await site.visit();
    await page.routeWebSocket(/graphql/, () => {});
  }

  describe('with nothing written', () => {
    it('say what comes first', async () => {
      await seed();
      await visit();
      await page.getByText('No draft waits for a review').waitFor();
      await page.getByRole('link', { name: 'start a draft job' }).click();
      await page.getByRole('dialog', { name: 'Start a draft job' }).waitFor();
    });

    it('say that filters hide them all, and clear them', async () => {
      await seed({ name: 'Ada' });
      await visit('drafts?q=12345678901234567890');
      await page.getByText('No draft matches these filters').waitFor();
      expect(await page.getByLabel('Search').inputValue()).toBe('12345678901234567890');
      await page.getByRole('link', { name: 'Clear the filters' }).click();
      await row('Ada').waitFor();
    });
  });

  describe('read', () => {
    it('show a mail as it will arrive, and whom it is for', async () => {
      await seed({ name: 'Ada', body: 'Hello <b>Ada</b>, see https://example.org/x?a=1.' });
      await visit();
      await page.getByRole('link', { name: /^Ada/ }).click();
      const mail = pane('Ada').getByRole('article', { name: 'The mail as they will read it' });
      await mail.getByText('A question to Ada').waitFor();
      await mail.getByText('Hello <b>Ada</b>, see').waitFor();
      expect(await mail.getByRole('link').getAttribute('href')).toBe('https://example.org/x?a=1');
      await mail.getByText('no signature, no footer').waitFor();
      const recipient = pane('Ada').getByRole('region', { name: 'Recipient' });
      await recipient.getByText('Makes engines').waitFor();
      expect(await recipient.locator('a[href^="javascript"]').count()).toBe(0);
    });

    it('show a social message with the length that its platform takes', async () => {
      await seed({ name: 'Ada', social: true, body: 'x'.repeat(510) });
      await visit('drafts?channel=SOCIAL');
      await page.getByRole('link', { name: /^Ada/ }).click();
      await pane('Ada').getByText('510 of 500 characters: 10 too many').waitFor();
      await pane('Ada').getByText('on Mastodon').waitFor();
    });

    it('keep filters, tab and the open draft in the address', async () => {
      await seed({ name: 'Ada', status: 'approved' }, { name: 'Grace', status: 'approved' }, { name: 'Mary' });
      await visit();
      await page.getByRole('link', { name: 'Approved 2' }).click();
      await page.getByLabel('Channel').selectOption('EMAIL');
      await page.getByRole('link', { name: /^Grace/ }).click();
      await pane('Grace').getByRole('article').waitFor();
      const fresh = await page.context().newPage();
      await fresh.goto(page.url());
      await fresh.getByRole('complementary', { name: 'Draft for Grace' }).getByRole('article').waitFor();
      expect(await fresh.getByLabel('Channel').inputValue()).toBe('EMAIL');
      await fresh.close();
      await page.goBack();
      await pane('Grace').waitFor({ state: 'detached' });
      await row('Grace').waitFor();
    });
  });

  describe('decided', () => {
    it('open the next one, and can be taken back', async () => {
      await seed({ name: 'Ada' }, { name: 'Grace' });
      await visit();
      await page.getByRole('link', { name: /^Ada/ }).click();
      await pane('Ada').getByRole('button', { name: 'Approve the draft for Ada' }).click();
      await pane('Grace').getByRole('article').waitFor();
      expect(await statusOf('Ada')).toMatchObject({ status: 'approved' });
      await page.getByText('Draft for Ada approved').waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await pane('Ada').getByRole('article').waitFor();
      await pane('Ada').getByText('To review').waitFor();
      expect(await statusOf('Ada')).toMatchObject({ status: 'pending_review' });
    });

    it('are refused when the text changed since it was read, and show what changed', async () => {
      const [id] = await seed({ name: 'Ada' });
      await withoutSocket();
      await visit();
      await page.getByRole('link', { name: /^Ada/ }).click();
      await pane('Ada').getByText('how do you keep it going?').waitFor();
      await changeElsewhere(id!, 'Hello Ada,\n\nhow did you begin?');
      await pane('Ada').getByRole('button', { name: /^Approve/ }).click();
      await pane('Ada').getByText('Nothing was decided').waitFor();
      await pane('Ada').getByText('This draft was changed while you read it').waitFor();
      expect(await statusOf('Ada')).toMatchObject({ status: 'pending_review' });
      await pane('Ada').getByRole('button', { name: 'Read the new version' }).click();
      await pane('Ada').getByRole('button', { name: /^Approve/ }).click();
      await page.getByText('Draft for Ada approved').waitFor();
    });

    it('stay when the lint has found something, which is said', async () => {
      await seed({ name: 'Ada', problems: ['The placeholder [name] was not filled in.'] });
      await visit();
      await page.getByRole('link', { name: /^Ada/ }).click();
      await pane('Ada').getByText('The placeholder [name] was not filled in.').waitFor();
      await pane('Ada').getByRole('button', { name: /^Approve/ }).click();
      await pane('Ada').getByText('Nothing was decided').waitFor();
    });

    it('are as many as the server says, a hundred at a time, and the others stay selected', async () => {
      await seed(...Array.from({ length: 130 }, (_, place) => ({ name: `Person ${place}`, problems: place % 13 === 5 ? ['The text is empty.'] : [] })));
      await visit();
      await page.getByLabel('Select this page').check();
      const bar = page.getByRole('region', { name: 'Selected drafts' });
      await bar.getByText('50 drafts selected').waitFor();
      await bar.getByRole('button', { name: 'Select all 130' }).click();
      await bar.getByRole('button', { name: 'Approve 130' }).click();
      await page.getByText('120 drafts approved, 10 drafts stayed as they were').waitFor();
      await page.getByText('The draft has problems.').waitFor();
      await bar.getByText('10 drafts selected').waitFor();
      await page.getByRole('link', { name: 'Approved 120' }).waitFor();
      await page.getByRole('button', { name: 'Undo' }).first().click();
      await page.getByText('120 drafts approved: taken back').waitFor();
      await page.getByRole('link', { name: 'To review 130' }).waitFor();
    });

    it('are decided by the keyboard alone', async () => {
      await seed({ name: 'Ada' }, { name: 'Grace' }, { name: 'Mary' });
      await visit();
      await row('Ada').waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await pane('Ada').getByRole('article').waitFor();
      await page.keyboard.press('e');
      await page.getByRole('textbox', { name: 'Text' }).waitFor();
      await page.keyboard.press('ControlOrMeta+End');
      await page.keyboard.type(' Truly yours');
      await page.keyboard.press('ControlOrMeta+s');
      await page.getByText('Draft saved').waitFor();
      await pane('Ada').getByRole('article').getByText('Truly yours').waitFor();
      await page.keyboard.press('a');
      await pane('Grace').getByRole('article').waitFor();
      await page.keyboard.press('r');
      await page.getByRole('dialog', { name: 'Reject the draft for Grace' }).waitFor();
      await page.keyboard.type('Not now');
      await page.keyboard.press('Enter');
      await pane('Mary').getByRole('article').waitFor();
      expect(await statusOf('Ada')).toMatchObject({ status: 'approved', body: expect.stringContaining('Truly yours') as string });
      expect(await statusOf('Grace')).toMatchObject({ status: 'rejected', review_reason: 'Not now' });
      await page.keyboard.press('z');
      await pane('Grace').getByRole('article').waitFor();
      expect(await statusOf('Grace')).toMatchObject({ status: 'pending_review' });
      await page.keyboard.press('Escape');
      await pane('Grace').waitFor({ state: 'detached' });
      await expectFocus(page, /^Grace/);
      await page.keyboard.press('Shift+J');
      await page.getByText('2 drafts selected').waitFor();
      await page.keyboard.press('/');
      await expectFocus(page, /Search/);
    });

    it('are decided in the list, where the next row has the focus then', async () => {
      await seed({ name: 'Ada' }, { name: 'Grace' }, { name: 'Mary' });
      await visit();
      await row('Ada').waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('a');
      await row('Grace').waitFor({ state: 'detached' });
      await expectFocus(page, /^Mary/);
      expect(await statusOf('Grace')).toMatchObject({ status: 'approved' });
    });

    it('are selected in ranges that begin on the page that is shown', async () => {
      await seed(...Array.from({ length: 60 }, (_, place) => ({ name: `Person ${place}` })));
      await visit();
      await page.getByRole('checkbox', { name: 'Select the draft for Person 3', exact: true }).check();
      await page.getByRole('button', { name: 'Next', exact: true }).click();
      await page.getByRole('link', { name: /^Person 55:/ }).focus();
      await page.keyboard.press('Shift+J');
      await page.getByText('3 drafts selected').waitFor();
      await page.keyboard.press('Shift+J');
      await page.getByText('4 drafts selected').waitFor();
    });
  });

  describe('edited', () => {
    async function edit(name: string, text: string): Promise<Locator> {
      await page.getByRole('link', { name: new RegExp(`^${name}`) }).click();
      await pane(name).getByRole('button', { name: /^Edit/ }).click();
      const field = pane(name).getByRole('textbox', { name: 'Text' });
      await field.fill(text);
      await pane(name).getByRole('article').getByText(text).waitFor();
      return field;
    }

    it('keep what was typed when somebody else saves, show the difference, and ask', async () => {
      const [id] = await seed({ name: 'Ada' });
      await visit();
      const field = await edit('Ada', 'Hello Ada, this is mine');
      await changeElsewhere(id!, 'Hello Ada, this is theirs');
      await pane('Ada').getByText('Somebody changed this draft while you were writing').waitFor();
      expect(await field.inputValue()).toBe('Hello Ada, this is mine');
      expect(await pane('Ada').locator('p del', { hasText: 'theirs' }).count()).toBe(1);
      await page.keyboard.press('ControlOrMeta+s');
      const dialog = page.getByRole('dialog', { name: 'Save over a newer version?' });
      await dialog.waitFor();
      expect(await statusOf('Ada')).toMatchObject({ body: 'Hello Ada, this is theirs' });
      await dialog.getByRole('button', { name: 'Keep mine, save over it' }).click();
      await page.getByText('Draft saved').waitFor();
      expect(await statusOf('Ada')).toMatchObject({ body: 'Hello Ada, this is mine' });
      await pane('Ada').getByText('2 earlier versions').waitFor();
    });

    it('ask before a save of a stale text even where the change was not heard of', async () => {
      const [id] = await seed({ name: 'Ada' });
      await withoutSocket();
      await visit();
      await edit('Ada', 'Hello Ada, this is mine');
      await changeElsewhere(id!, 'Hello Ada, this is theirs');
      await pane('Ada').getByRole('button', { name: 'Save' }).click();
      const dialog = page.getByRole('dialog', { name: 'Save over a newer version?' });
      await dialog.getByRole('button', { name: 'Take theirs' }).click();
      await pane('Ada').getByRole('article').getByText('this is theirs').waitFor();
      expect(await statusOf('Ada')).toMatchObject({ body: 'Hello Ada, this is theirs' });
    });

    it('keep what was typed when the server does not answer', async () => {
      await seed({ name: 'Ada' });
      await visit();
      const field = await edit('Ada', 'Hello Ada, still here');
      await page.route('**/graphql', (route) => route.abort());
      await pane('Ada').getByRole('button', { name: 'Save' }).click();
      await pane('Ada').getByText('The draft was not saved').waitFor();
      expect(await field.inputValue()).toBe('Hello Ada, still here');
      await page.unrouteAll({ behavior: 'wait' });
      await pane('Ada').getByRole('button', { name: 'Save' }).click();
      await page.getByText('Draft saved').waitFor();
    });

    it('are not left without a question', async () => {
      await seed({ name: 'Ada' }, { name: 'Grace' });
      await visit();
      const field = await edit('Ada', 'Hello Ada, unsaved');
      const leaving = page.getByRole('dialog', { name: 'Leave without saving?' });
      for (const link of [/^Grace/, 'Jobs', 'Approved 0']) {
        await page.getByRole('link', { name: link }).click();
        await leaving.getByRole('button', { name: 'Keep editing' }).click();
        expect(await field.inputValue()).toBe('Hello Ada, unsaved');
      }
      await page.goBack();
      await leaving.getByRole('button', { name: 'Keep editing' }).click();
      const question = page.waitForEvent('dialog');
      await page.evaluate(() => void setTimeout(() => location.reload()));
      const dialog = await question;
      expect(dialog.type()).toBe('beforeunload');
      await dialog.dismiss();
      expect(await field.inputValue()).toBe('Hello Ada, unsaved');
      await page.getByRole('link', { name: /^Grace/ }).click();
      await leaving.getByRole('button', { name: 'Leave without saving' }).click();
      await pane('Grace').getByRole('article').waitFor();
    });

    it('wait for a review again when they were approved', async () => {
      await seed({ name: 'Ada', status: 'approved' });
      await visit('drafts?status=APPROVED');
      await edit('Ada', 'Hello Ada, another text');
      await pane('Ada').getByText('once it is saved it waits for a review again').waitFor();
      await pane('Ada').getByRole('button', { name: 'Save' }).click();
      await pane('Ada').getByText('To review').waitFor();
      await reconnect(page, 'Drafts(');
      await page.getByText('No draft is in this state').waitFor();
      await pane('Ada').getByText('To review').waitFor();
    });
  });

  describe('sent', () => {
    it('are counted first: another number sends nothing', async () => {
      await seed({ name: 'Ada', social: true, status: 'approved' });
      await visit('drafts?channel=SOCIAL');
      await page.getByRole('button', { name: 'Send approved' }).click();
      const dialog = page.getByRole('dialog', { name: 'Send approved drafts' });
      await dialog.getByText('1 approved draft').waitFor();
      await dialog.getByText('a day at most').waitFor();
      await add({ name: 'Grace', social: true, status: 'approved' });
      // That the page counts again meanwhile changes nothing of what is confirmed.
      await reconnect(page, 'Sendable');
      await dialog.getByRole('button', { name: 'Send 1 draft' }).click();
      await dialog.getByText('2 approved drafts are selected now').waitFor();
      expect(await site.program.query('select count(*)::int as count from social_messages')).toEqual([{ count: 0 }]);
      await dialog.getByRole('button', { name: 'Send 2 drafts' }).dblclick();
      await page.getByRole('heading', { name: 'Send job' }).waitFor();
      expect(await site.program.query('select count(*)::int as count from jobs')).toEqual([{ count: 1 }]);
    });

    it('stay where e-mail is not configured, and the settings are named', async () => {
      await seed({ name: 'Ada', status: 'approved' });
      await visit('drafts?status=APPROVED');
      await page.getByRole('link', { name: /^Ada/ }).click();
      await pane('Ada').getByRole('button', { name: 'Send the draft for Ada' }).click();
      const dialog = page.getByRole('dialog', { name: 'Send approved drafts' });
      await dialog.getByRole('button', { name: 'Send 1 draft' }).click();
      await dialog.getByText('set SMTP_URL').waitFor();
    });

    it('are followed up by a job of its own', async () => {
      await seed();
      await visit('drafts?start=follow-up');
      const dialog = page.getByRole('dialog', { name: 'Follow up' });
      await dialog.getByLabel('Days without a reply').fill('7');
      await dialog.getByRole('button', { name: 'Draft follow-ups' }).click();
      await page.getByRole('heading', { name: 'Follow up job' }).waitFor();
    });
  });

  it('can be read, and only that, by a viewer', async () => {
    await seed({ name: 'Ada' });
    const viewer = await site.visit({ key: await site.program.createKey('viewer') });
    await viewer.goto(site.url('drafts'));
    await viewer.getByText('Your key may not edit, approve or send drafts').waitFor();
    await viewer.getByRole('link', { name: /^Ada/ }).click();
    await viewer.getByRole('article').waitFor();
    expect(await viewer.getByRole('button', { name: /Approve|Reject|Edit|Send|Follow/ }).count()).toBe(0);
    expect(await viewer.getByRole('checkbox').count()).toBe(0);
    await viewer.keyboard.press('a');
    expect(await statusOf('Ada')).toMatchObject({ status: 'pending_review' });
    await viewer.context().close();
  });

  describe.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 360 },
  ] as const)('in $colorScheme at $width px', ({ colorScheme, width }) => {
    it('have nothing that axe finds and nothing too wide, in every state', async () => {
      const [id] = await seed(
        { name: 'Ada '.repeat(70), problems: ['The text is empty.'], body: `${'long'.repeat(80)}\n${'word '.repeat(200)}` },
        { name: 'מרים הנביאה', status: 'approved' },
        { name: 'Grace', social: true },
      );
      const visitor = await site.visit({ colorScheme, viewport: { width, height: 800 } });
      const found: string[] = [];
      const look = async (ready: Locator) => {
        await ready.first().waitFor();
        await visitor.waitForLoadState('networkidle');
        found.push(...(await faults(visitor)));
      };
      await visitor.goto(site.url('drafts?status=ALL'));
      await look(visitor.getByRole('link', { name: /^Grace/ }));
      await visitor.goto(site.url(`drafts?open=${encodeURIComponent(id!)}`));
      await look(visitor.getByRole('article'));
      await visitor.getByRole('button', { name: /^Edit/ }).click();
      await visitor.getByRole('textbox', { name: 'Text' }).fill('Something else');
      await changeElsewhere(id!, 'Another text');
      await look(visitor.getByText('Somebody changed this draft'));
      await visitor.keyboard.press('ControlOrMeta+s');
      await look(visitor.getByRole('dialog', { name: 'Save over a newer version?' }).getByText('Take theirs'));
      await visitor.getByRole('button', { name: 'Keep mine, save over it' }).click();
      await look(visitor.getByText('Draft saved'));
      await visitor.getByRole('button', { name: /^Reject/ }).click();
      await look(visitor.getByRole('dialog', { name: /^Reject/ }).getByLabel('Reason'));
      for (const [path, text] of [['drafts?start=send', 'a day at most'], ['drafts?start=follow-up', 'Days without a reply'], ['drafts?status=SENT', 'No draft is in this state'], ['drafts?open=nothing', 'There is no such draft']] as const) {
        await visitor.goto(site.url(path));
        await look(visitor.getByText(text));
      }
      await visitor.context().close();
      expect(found).toEqual([]);
    });
  });

  describe('where a table is broken', () => {
    it('show the draft, and say that its earlier texts could not be read', async () => {
      await seed({ name: 'Ada' });
      await site.program.query('alter table email_draft_versions rename to hidden_versions');
      try {
        await visit();
        await page.getByRole('link', { name: /^Ada/ }).click();
        await pane('Ada').getByText('The draft could not be read').waitFor();
        await pane('Ada').getByRole('article').getByText('how do you keep it going?').waitFor();
      } finally {
        await site.program.query('alter table hidden_versions rename to email_draft_versions');
      }
    });

    it('say why there is no list, and lead to schema health; the other channel works', async () => {
      await seed({ name: 'Ada' });
      await site.program.query('alter table social_drafts rename to hidden_drafts');
      try {
        await visit();
        await page.getByText('The list of drafts could not be read').waitFor();
        await page.getByRole('alert').getByRole('link', { name: 'Schema health' }).first().waitFor();
        await page.getByLabel('Channel').selectOption('EMAIL');
        await row('Ada').waitFor();
      } finally {
        await site.program.query('alter table hidden_drafts rename to social_drafts');
      }
    });
  });

  it('have not crashed anywhere', () => {
    expect(site.crashes).toEqual([]);
  });
});

/** The element with the focus has a name like this. */
async function expectFocus(page: Page, name: RegExp): Promise<void> {
  const handle = await page.waitForFunction((pattern) => {
    const element = document.activeElement;
    const text = element?.getAttribute('aria-label') ?? (element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null) ?? '';
    return new RegExp(pattern).test(text) ? text : null;
  }, name.source);
  expect(await handle.jsonValue()).toMatch(name);
}
