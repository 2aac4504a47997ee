import { isDeepStrictEqual } from 'node:util';
import type { Page } from 'playwright-core';
import { waitFor } from '../support/waitFor.ts';
import { describeInBrowser, faults, holdReads, Site } from './site.ts';

const sections = {
  sending: 'Senders', 'follow-ups': 'Follow-ups', 'language-model': 'Language model', templates: 'Templates', discovery: 'Searches',
  webhooks: 'Deliveries', 'api-keys': 'API keys', 'saved-filters': 'Saved filters', about: 'Workers',
};

describeInBrowser('the settings', () => {
  let site!: Site;
  let page: Page;

  beforeAll(async () => {
    site = await Site.open();
    await site.program.addProspects(3);
    await site.program.query(`
      insert into senders (id, channel, address, day, sent_today, records, checked_at)
      values (gen_random_uuid(), 'email', 'ada@example.org', (now() at time zone 'utc')::date, 12, $1, now())`, [
      JSON.stringify([{ kind: 'SPF', found: 'v=spf1 -all', problem: null }, { kind: 'DMARC', found: null, problem: 'example.org has no DMARC record: publish one.' }]),
    ]);
    page = await site.visit({ viewport: { width: 1280, height: 900 } });
  });

  afterAll(async () => {
    await site?.close();
  });

  const open = async (tab: string, more = '') => {
    await page.goto(site.url(`/settings?tab=${tab}${more}`));
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
  };
  const region = (name: string) => page.getByRole('region', { name, exact: true });
  const toast = (text: string) => page.getByRole('status').getByText(text).first().waitFor();
  const stored = async (key: string) => (await site.program.query('select value from settings where key = $1', [key]))[0]?.['value'];

  /** Once it is stored; that the form says so may be of an earlier save. */
  async function expectStored(key: string, value: unknown): Promise<void> {
    await waitFor(async () => isDeepStrictEqual(await stored(key), value)).catch(() => {});
    expect(await stored(key)).toEqual(value);
  }

  /** As somebody else who is an administrator too. */
  async function change(input: object): Promise<void> {
    const answer = await page.request.post(site.url('/graphql'), {
      data: { query: 'mutation ($input: UpdateSettingsInput!) { updateSettings(input: $input) { userErrors { message } } }', variables: { input } },
    });
    expect(await answer.json()).toEqual({ data: { updateSettings: { userErrors: [] } } });
  }

  it('shows each sender with what has left today and what the DNS says of it', async () => {
    await open('sending');
    const senders = region('Senders');
    await senders.getByText('12 of 500 today').waitFor();
    await senders.getByText('May send').waitFor();
    await senders.getByText('example.org has no DMARC record: publish one.').waitFor();
  });

  it('saves only what was changed', async () => {
    await region('E-mail').getByLabel('Daily cap').fill('20');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expectStored('sending.email', { dailyCap: 20 });
    await toast('Settings saved');
    expect(await stored('sending.social')).toBeUndefined();
    await page.getByRole('button', { name: 'Save changes', disabled: true }).waitFor();
    expect(await focused(page)).toBe('Save changes');
  });

  it('says a value out of bounds at its field, with the bounds, and saves nothing', async () => {
    const cap = region('E-mail').getByLabel('Daily cap');
    await cap.fill('5000000');
    await page.keyboard.press('Control+s');
    await region('E-mail').getByText('Give a whole number from 0 to 1,000,000.').waitFor();
    expect(await cap.getAttribute('aria-invalid')).toBe('true');
    expect(await cap.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.getByRole('button', { name: 'Discard' }).click();
    expect(await cap.inputValue()).toBe('20');
    expect(await focused(page)).toBe('Save changes');
  });

  it('says what the server refuses at the field that it names', async () => {
    const social = region('Social');
    await social.getByLabel('Only in a window of the week').check();
    await social.getByLabel('Time zone').fill('Europe/Nowhere');
    await page.keyboard.press('Control+s');
    await social.getByText('must be a time zone such as Europe/Berlin').waitFor();
    await social.getByLabel('Time zone').fill('Europe/Vienna');
    await social.getByLabel('Saturday').check();
    await page.keyboard.press('Control+s');
    await expectStored('sending.social', { window: { days: [1, 2, 3, 4, 5, 6], from: '09:00', to: '17:00', timeZone: 'Europe/Vienna' } });
    await toast('Settings saved');
  });

  it('shows what somebody else changed meanwhile, and loses nothing that was typed', async () => {
    await open('sending');
    const gap = region('E-mail').getByLabel('Gap');
    await gap.fill('90');
    // The page knows nothing of it before it is told.
    const release = await holdReads(page);
    await change({ sendingEmail: { minimumGapSeconds: 30 }, followUp: { maximum: 4 } });
    await page.getByRole('button', { name: 'Save changes' }).click();
    await release();
    await page.getByText('The settings have changed since they were read').waitFor();
    await region('E-mail').getByText('Changed by somebody else meanwhile: 30.').waitFor();
    expect(await gap.inputValue()).toBe('90');
    await page.getByRole('button', { name: 'Save over theirs' }).click();
    await expectStored('sending.email', { dailyCap: 20, minimumGapSeconds: 90 });
    await toast('Settings saved');
    expect(await stored('followUp')).toEqual({ maximum: 4 });
  });

  it('takes the value of somebody else instead of the typed one', async () => {
    const gap = region('E-mail').getByLabel('Gap');
    await gap.fill('60');
    await change({ sendingEmail: { minimumGapSeconds: 45 } });
    await page.getByRole('button', { name: 'Use theirs for Gap' }).click();
    expect(await gap.inputValue()).toBe('45');
    expect(await gap.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.getByRole('button', { name: 'Save changes', disabled: true }).waitFor();
  });

  it('keeps what was typed while the server is away, and saves it when it is back', async () => {
    await open('sending');
    const gap = region('E-mail').getByLabel('Gap');
    await gap.fill('75');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Nothing was saved').waitFor();
    expect(await gap.inputValue()).toBe('75');
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expectStored('sending.email', { dailyCap: 20, minimumGapSeconds: 75 });
    await page.getByText('Nothing was saved').waitFor({ state: 'detached' });
  });

  it('asks before what is not saved is left: by a link, back, another section, a reload', async () => {
    await open('templates');
    await page.getByRole('link', { name: 'Sending' }).click();
    const cap = region('E-mail').getByLabel('Daily cap');
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });
    await cap.fill('33');
    await page.getByRole('link', { name: 'Jobs' }).click();
    await question.getByRole('button', { name: 'Keep editing' }).click();
    await page.getByRole('link', { name: 'Templates' }).click();
    await question.getByRole('button', { name: 'Keep editing' }).click();
    await page.goBack();
    await question.getByRole('button', { name: 'Keep editing' }).click();
    expect(await cap.inputValue()).toBe('33');
    const asked = page.waitForEvent('dialog');
    await page.evaluate(() => void setTimeout(() => location.reload()));
    await (await asked).dismiss();
    expect(await cap.inputValue()).toBe('33');
    await page.getByRole('link', { name: 'Templates' }).click();
    await question.getByRole('button', { name: 'Leave without saving' }).click();
    await region('Templates').waitFor();
    expect(await stored('sending.email')).toMatchObject({ dailyCap: 20 });
  });

  it('says on top which stored values cannot be used', async () => {
    await site.program.query(`insert into settings (key, value, updated_by) values ('languageModel', '{"costCapPerJob": "much"}', 'somebody')`);
    await open('language-model');
    await page.getByText('A stored setting cannot be used').waitFor();
    await page.getByText('The setting languageModel.costCapPerJob cannot be used').waitFor();
    await page.getByLabel('Cost of a job at most').fill('7.5');
    await page.keyboard.press('Control+s');
    await page.getByText('A stored setting cannot be used').waitFor({ state: 'detached' });
    expect(await stored('languageModel')).toEqual({ costCapPerJob: 7.5 });
  });

  it('previews the text of follow-ups for a prospect while it is typed', async () => {
    await open('follow-ups');
    const email = region('Text of follow-ups: E-mail');
    await email.getByLabel('Text for E-mail').fill('Dear {{ displayName }}, me again.');
    await email.getByRole('region', { name: 'Preview' }).getByText(/Dear Prospect \d, me again\./).waitFor();
    await email.getByLabel('Preview for').selectOption('Prospect 1');
    await email.getByRole('region', { name: 'Preview' }).getByText('Dear Prospect 1, me again.').waitFor();
    await page.keyboard.press('Control+s');
    await expectStored('followUp.email', { body: 'Dear {{ displayName }}, me again.' });
    await toast('Settings saved');
  });

  it('keeps a template under a name: with what is wrong at its field, and a preview', async () => {
    await open('templates');
    await page.getByRole('button', { name: 'Write the first template' }).click();
    const detail = page.getByRole('complementary', { name: 'Template' });
    await detail.getByLabel('Name').fill('Warm');
    await detail.getByLabel('Subject').fill('To {{ displayName }}');
    await detail.getByLabel('Text', { exact: true }).fill('Hello {{ nobody }}');
    await detail.getByRole('button', { name: 'Save changes' }).click();
    await detail.getByText(/There is no variable nobody/).first().waitFor();
    await detail.getByLabel('Text', { exact: true }).fill('Hello ');
    await detail.getByRole('button', { name: 'username', exact: true }).click();
    await detail.getByLabel('Text', { exact: true }).fill('Hello {{ displayName }}!');
    await detail.getByRole('region', { name: 'Preview' }).getByText(/Hello Prospect \d!/).waitFor();
    await detail.getByRole('button', { name: 'Save changes' }).click();
    await detail.getByRole('heading', { name: 'Warm' }).waitFor();
    expect(await site.program.query('select name, channel, subject, body from templates')).toEqual([
      { name: 'Warm', channel: 'email', subject: 'To {{ displayName }}', body: 'Hello {{ displayName }}!' },
    ]);
    expect(new URL(page.url()).searchParams.get('open')).not.toBe('new');
  });

  it('keeps what was typed over a template that somebody else changed, and saves over it when asked to', async () => {
    const detail = page.getByRole('complementary', { name: 'Template' });
    await detail.getByLabel('Subject').fill('My subject');
    // The page knows nothing of it before it is told.
    const release = await holdReads(page);
    await site.program.query(`update templates set subject = 'Their subject'`);
    await detail.getByRole('button', { name: 'Save changes' }).click();
    await release();
    await detail.getByText('The template has changed since it was read').waitFor();
    await detail.getByText('Changed by somebody else meanwhile: Their subject.').waitFor();
    expect(await detail.getByLabel('Subject').inputValue()).toBe('My subject');
    await detail.getByRole('button', { name: 'Save over theirs' }).click();
    await detail.getByRole('button', { name: 'Save changes', disabled: true }).waitFor();
    expect(await site.program.query('select subject from templates')).toEqual([{ subject: 'My subject' }]);
  });

  it('makes a template the default, and takes that back', async () => {
    const detail = page.getByRole('complementary', { name: 'Template' });
    await detail.getByRole('button', { name: 'Make it the default' }).click();
    await detail.getByText('Default of its channel').waitFor();
    expect(await stored('draft.email')).toEqual({ subject: 'My subject', body: 'Hello {{ displayName }}!' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await toast('Taken back');
    expect(await stored('draft.email')).toMatchObject({ subject: 'A question about {{ displayName }}' });
  });

  it('deletes a template, and brings it back', async () => {
    const detail = page.getByRole('complementary', { name: 'Template' });
    await detail.getByRole('button', { name: 'Delete' }).click();
    await toast('Template “Warm” deleted');
    await page.getByText('No template is kept under a name yet').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await region('Templates').getByRole('link', { name: 'Warm' }).waitFor();
    expect(await site.program.query('select name from templates')).toEqual([{ name: 'Warm' }]);
  });

  it('keeps what stands in a template that somebody else deletes', async () => {
    await region('Templates').getByRole('link', { name: 'Warm' }).click();
    const detail = page.getByRole('complementary', { name: 'Template' });
    await detail.getByLabel('Name').fill('Warmer');
    await site.program.query('delete from templates');
    await detail.getByText('Somebody has deleted this template').waitFor();
    await detail.getByRole('button', { name: 'Save it as a new template' }).click();
    await detail.getByRole('heading', { name: 'Warmer' }).waitFor();
    expect(await site.program.query('select name from templates')).toEqual([{ name: 'Warmer' }]);
  });

  it('makes a webhook, whose secret it shows once', async () => {
    await open('webhooks');
    await page.getByRole('button', { name: 'Make the first webhook' }).click();
    const dialog = page.getByRole('dialog', { name: 'New webhook' });
    await dialog.getByLabel('Address').fill('ftp://example.org');
    await dialog.getByText('Give an address that begins with https:// or http://.').waitFor();
    await dialog.getByLabel('Address').fill('http://127.0.0.1:9/hook');
    await dialog.getByLabel('Job ended').check();
    await dialog.getByRole('button', { name: 'Make the webhook' }).click();
    const secret = await page.getByLabel('The secret', { exact: true }).inputValue();
    expect(await site.program.query('select secret, events from webhooks')).toEqual([{ secret, events: ['job.finished'] }]);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByLabel('The secret', { exact: true }).waitFor({ state: 'detached' });
    await page.reload();
    await region('Webhooks').getByText('Job ended').waitFor();
    expect(await page.getByText(secret).count()).toBe(0);
  });

  it('disables a webhook, changes it, filters its deliveries and sends one again', async () => {
    const [webhook] = await site.program.query('select id from webhooks');
    for (const [state, event] of [['failed', 'job.finished'], ['delivered', 'message.sent']]) {
      await site.program.query(
        `insert into webhook_deliveries (id, webhook_id, event_id, event, payload, state, attempts, error, finished_at)
         values (gen_random_uuid(), $1, gen_random_uuid(), $2, '{"id": "x"}', $3::delivery_state, 12, 'The receiver answered 500.', now())`,
        [webhook?.['id'], event, state],
      );
    }
    await page.getByRole('button', { name: 'Disable http://127.0.0.1:9/hook' }).click();
    await region('Webhooks').getByText('Disabled').waitFor();
    await page.getByRole('button', { name: 'Edit http://127.0.0.1:9/hook' }).click();
    const dialog = page.getByRole('dialog', { name: 'Webhook' });
    await dialog.getByLabel('Message sent').check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await region('Webhooks').getByText('Message sent, Job ended').waitFor();
    await page.getByLabel('State').selectOption('FAILED');
    await region('Deliveries').getByText('1 delivery').waitFor();
    expect(new URL(page.url()).searchParams.get('state')).toBe('FAILED');
    await region('Deliveries').getByRole('button', { name: /^Send again: Job ended/ }).click();
    await page.getByText('No delivery matches these filters').waitFor();
    expect(await site.program.query(`select state, attempts from webhook_deliveries where event = 'job.finished'`)).toEqual([{ state: 'waiting', attempts: 0 }]);
  });

  it('deletes a webhook only when asked twice', async () => {
    await page.getByRole('button', { name: 'Delete http://127.0.0.1:9/hook' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete the webhook?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(await site.program.query('select 1 as one from webhooks')).toHaveLength(1);
    await page.getByRole('button', { name: 'Delete http://127.0.0.1:9/hook' }).click();
    await dialog.getByRole('button', { name: 'Delete it' }).click();
    await page.getByText('Nobody is told of events yet').waitFor();
    expect(await site.program.query('select 1 as one from webhooks')).toEqual([]);
  });

  it('makes an API key by the keyboard alone, shows it once, asks before it is left, and revokes it', async () => {
    await open('api-keys');
    await page.getByText('There is no API key yet').waitFor();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'New API key' });
    await dialog.waitFor();
    await page.keyboard.type('shop');
    await page.keyboard.press('Enter');
    const field = page.getByLabel('The key', { exact: true });
    const key = await field.inputValue();
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.getByRole('link', { name: 'About' }).click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Keep editing' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    expect(await focused(page)).toBe('New API key');
    const asked = () => fetch(site.url('/graphql'), { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: '{"query":"{ viewer { name role } }"}' });
    expect(await (await asked()).json()).toEqual({ data: { viewer: { name: 'shop', role: 'OPERATOR' } } });
    await waitFor(async () => (await site.program.query('select from api_keys where last_used_at is not null')).length === 1);
    await page.keyboard.press('j');
    await page.keyboard.press('r');
    const question = page.getByRole('dialog', { name: 'Revoke the API key?' });
    await question.getByRole('button', { name: 'Revoke it' }).click();
    // Made, last used, ended.
    await region('API keys').locator('tbody tr', { hasText: /shop.*Revoked(.*(ago|now)){3}/ }).waitFor();
    await waitFor(async () => (await asked()).status === 401);
  });

  it('lists searches with what each found, and one with what was asked for it', async () => {
    await site.program.query(`
      with search as (insert into discovery_queries (id, platform, query, filters, created_by)
        values (gen_random_uuid(), 'bluesky', 'people who mend things', '{"minFollowers": 500}', 'ada') returning id)
      insert into scraper_history (id, discovery_query_id, url, http_status, prospects_found, finished_at)
      select gen_random_uuid(), id, 'https://public.api.bsky.app/xrpc/search', 200, 7, now() from search`);
    await open('discovery');
    await region('Searches').getByRole('link', { name: 'people who mend things' }).click();
    const detail = page.getByRole('complementary', { name: 'Search' });
    await detail.getByText('Min followers').waitFor();
    await detail.getByText('https://public.api.bsky.app/xrpc/search').waitFor();
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('people who mend things');
  });

  it('deletes a saved filter, and brings it back', async () => {
    await site.program.query(`insert into saved_filters (id, name, filter) values (gen_random_uuid(), 'With an address', '{"hasEmail": true}')`);
    await open('saved-filters');
    await page.getByRole('button', { name: 'Delete With an address' }).click();
    await page.getByText('No filter is saved yet').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await region('Saved filters').getByText('With an address').waitFor();
    expect(await site.program.query('select name, filter from saved_filters')).toEqual([{ name: 'With an address', filter: { hasEmail: true } }]);
  });

  it('says that no worker runs, and leads to schema health', async () => {
    await open('about');
    await region('Workers').getByText('No worker is running').waitFor();
    await region('Database').getByRole('link', { name: 'Schema health' }).waitFor();
  });

  it('shows a viewer the settings to read, and says why nothing can be changed', async () => {
    const visitor = await site.visit({ key: await site.program.createKey('viewer') });
    await visitor.goto(site.url('/settings'));
    await visitor.getByText('Your key may not change settings').waitFor();
    expect(await visitor.getByLabel('Daily cap').first().getAttribute('readonly')).not.toBeNull();
    expect(await visitor.getByRole('button', { name: 'Save changes' }).count()).toBe(0);
    await visitor.getByRole('link', { name: 'API keys' }).click();
    await visitor.getByText('Your key may not see or make API keys').waitFor();
    await visitor.getByText('What each role may do').waitFor();
    await visitor.getByRole('link', { name: 'Templates' }).click();
    await visitor.getByRole('link', { name: 'Warmer' }).click();
    expect(await visitor.getByRole('complementary', { name: 'Template' }).getByLabel('Subject').getAttribute('readonly')).not.toBeNull();
    expect(await visitor.getByRole('button', { name: /New template|Delete|Save/ }).count()).toBe(0);
    await visitor.context().close();
  });

  it.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 360 },
  ] as const)('has nothing that axe finds and nothing too wide: $colorScheme, $width px', async ({ colorScheme, width }) => {
    const visitor = await site.visit({ colorScheme, viewport: { width, height: 800 } });
    await site.program.query(`
      with hook as (insert into webhooks (id, url, events, secret) values (gen_random_uuid(), 'https://example.org/' || repeat('long', 40), '{job.finished}', 'x') returning id)
      insert into webhook_deliveries (id, webhook_id, event_id, event, payload) select gen_random_uuid(), id, gen_random_uuid(), 'job.finished', '{}' from hook`);
    const found: string[] = [];
    for (const [tab, title] of Object.entries(sections)) {
      await visitor.goto(site.url(`/settings?tab=${tab}`));
      await visitor.getByRole('region', { name: title, exact: true }).waitFor();
      await visitor.getByRole('status', { name: /^Reading/ }).first().waitFor({ state: 'detached' });
      found.push(...(await faults(visitor)));
    }
    await visitor.goto(site.url('/settings?tab=templates&open=new'));
    await visitor.getByRole('heading', { name: 'New template' }).waitFor();
    found.push(...(await faults(visitor)));
    await visitor.goto(site.url('/settings?tab=sending'));
    await visitor.getByLabel('Daily cap').first().fill('-1');
    await visitor.getByText('Give a whole number').waitFor();
    found.push(...(await faults(visitor)));
    await visitor.getByRole('link', { name: 'API keys' }).click();
    await visitor.getByRole('dialog', { name: 'Leave without saving?' }).getByText('Leave without saving', { exact: true }).waitFor();
    found.push(...(await faults(visitor)));
    await visitor.getByRole('button', { name: 'Leave without saving' }).click();
    await visitor.getByRole('button', { name: 'New API key' }).click();
    await visitor.getByRole('dialog', { name: 'New API key' }).waitFor();
    found.push(...(await faults(visitor)));
    await visitor.context().close();
    expect(found).toEqual([]);
  }, 300_000);

  it('says what is missing where a table is broken, while the other sections work', async () => {
    await site.program.query('alter table templates rename column body to text');
    await open('templates');
    const failure = page.getByText('The list of templates could not be read');
    await failure.waitFor();
    await page.getByRole('link', { name: 'Sending' }).click();
    await region('E-mail').getByLabel('Daily cap').waitFor();
    await site.program.query('alter table templates rename column text to body');
    await page.getByRole('link', { name: 'Templates' }).click();
    await region('Templates').getByRole('link', { name: 'Warmer' }).waitFor({ timeout: 30_000 });
    await failure.waitFor({ state: 'detached' });
  });

  it('has not crashed', () => {
    expect(site.crashes).toEqual([]);
  });
});

/** The text of what has the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent ?? '');
}
