import type { Page } from 'playwright-core';
import { addMail, addMessage } from './messagesSeed.ts';
import { describeInBrowser, faults, Site } from './site.ts';

const window = 'Sending window: Mon, Tue 09:00 to 17:00 (Europe/Berlin).';
const byHand = 'To be sent by hand: copy the text, open the profile, send it, then mark the message as sent.';
const broke = 'The worker died after the message had been handed over: it may have arrived.';

describeInBrowser('the messages', () => {
  let site!: Site;
  let page: Page;
  const open = (path: string) => page.goto(site.url(`messages${path}`));
  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  const statusOf = async (id: string) => (await site.program.query('select status from email_messages where id = $1 union all select status from social_messages where id = $1', [id]))[0]!['status'];

  beforeAll(async () => {
    site = await Site.open({ SECRET_KEY: 'a-secret-of-the-browser-test-that-is-long-enough', SCHEMA_POLICY: 'degrade' });
    page = site.page;
  });

  afterAll(async () => {
    await site?.close();
  });

  it('says what makes a message where there is none', async () => {
    await open('');
    await page.getByText('Nothing has been sent yet').waitFor();
    await page.getByRole('link', { name: 'go to the drafts' }).waitFor();
    expect(await faults(page)).toEqual([]);
  });

  it('shows what was sent, and beside it what became of it and when', async () => {
    await addMessage(site.program, { name: 'Ada Lovelace', status: 'sent', subject: 'On notes', body: 'Dear Ada,\nhow do you write them?' });
    await addMessage(site.program, { name: 'Niklaus Wirth', status: 'bounced', error: 'It bounced (5.1.1).' });
    await open('');
    await row('Niklaus Wirth').getByText('It bounced (5.1.1).').waitFor();
    await row('Ada Lovelace').getByText('On notes').waitFor();
    await page.getByRole('link', { name: 'Ada Lovelace' }).click();
    const detail = page.getByRole('complementary', { name: 'Message' });
    await detail.getByText('how do you write them?').waitFor();
    await detail.getByRole('list', { name: 'What happened to it' }).getByText('Message sent').waitFor();
    expect(new URL(page.url()).searchParams.get('open')).toBeTruthy();
    await page.reload();
    await detail.getByText('how do you write them?').waitFor();
    await detail.getByRole('button', { name: 'Close the message' }).click();
    expect(await focused(page)).toBe('Ada Lovelace');
  });

  it('searches for exactly what was typed, and leads back from nothing', async () => {
    await open('?q=12345678901234567890');
    expect(await page.getByLabel('Search').inputValue()).toBe('12345678901234567890');
    await page.getByText('No message matches these filters').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await row('Ada Lovelace').waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('sums up why messages wait, and gives one up after asking', async () => {
    const id = await addMessage(site.program, { name: 'Barbara Liskov', status: 'queued', blockedBy: window, due: 12 });
    await addMessage(site.program, { name: 'Frances Allen', status: 'queued', blockedBy: window, due: 12 });
    await addMessage(site.program, { name: 'Donald Knuth', status: 'deferred', blockedBy: 'Tried again later: 451 Greylisted', due: 1 });
    await open('?tab=waiting');
    await page.getByText('No worker is running').waitFor();
    const summary = page.getByRole('region', { name: 'Why they wait' });
    await summary.getByRole('listitem').filter({ hasText: 'Sending window' }).getByText('2', { exact: true }).waitFor();
    await summary.getByText('451 Greylisted').waitFor();
    await page.getByRole('link', { name: 'Barbara Liskov' }).click();
    await page.getByRole('button', { name: 'Cancel the message' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel the message to Barbara Liskov?' });
    await dialog.getByText('cannot be undone').waitFor();
    expect(await faults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel the message' }).click();
    await page.getByText('Message to Barbara Liskov cancelled').waitFor();
    await row('Barbara Liskov').waitFor({ state: 'detached' });
    expect(await statusOf(id)).toBe('cancelled');
  });

  it('decides about several by the keyboard alone, and keeps the focus', async () => {
    const ids = [];
    for (const name of ['One Unknown', 'Two Unknown', 'Three Unknown']) ids.push(await addMessage(site.program, { name, status: 'outcome_unknown', error: broke }));
    await open('?tab=decide');
    await page.getByText('it is never sent again by itself').waitFor();
    await row('Three Unknown').waitFor();
    for (const key of ['j', 'x', 'Shift+j']) await page.keyboard.press(key);
    await page.getByText('2 of 3 selected').waitFor();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'Mark 2 messages as not sent?' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.keyboard.press('s');
    await page.getByRole('dialog', { name: 'Mark 2 messages as sent?' }).getByRole('button', { name: 'Mark 2 messages as sent' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('2 messages marked as sent').waitFor();
    await row('Three Unknown').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('One Unknown');
    expect(await Promise.all(ids.map(statusOf))).toEqual(['outcome_unknown', 'sent', 'sent']);
  });

  it('says of each what was not done, and leaves it selected', async () => {
    const id = await addMessage(site.program, { name: 'Four Unknown', status: 'outcome_unknown', error: broke });
    await open('?tab=decide');
    await page.getByLabel('Select this page').check();
    await page.getByRole('button', { name: 'Not sent: the selected messages' }).click();
    await site.program.query(`update email_messages set status = 'sent' where id = $1`, [id]);
    await page.getByRole('button', { name: 'Mark 2 messages as not sent' }).click();
    const notice = page.getByRole('alert').filter({ hasText: '1 message marked as not sent, 1 message not' });
    await notice.getByText(/SENT/).waitFor();
    expect(await statusOf(id)).toBe('sent');
    await page.getByText('Of every message it is known what became of it').waitFor();
  });

  it('hands over what only a person can send, and takes it back as sent', async () => {
    const id = await addMessage(site.program, { name: 'Grace Hopper', status: 'queued', channel: 'social', blockedBy: byHand, body: 'Hello Grace' });
    await open('?tab=decide');
    const item = page.getByRole('region', { name: 'To be sent by hand' }).getByRole('listitem').filter({ hasText: 'Grace Hopper' });
    const profile = item.getByRole('link', { name: 'Open profile of Grace Hopper' });
    expect(await profile.getAttribute('href')).toBe('https://github.com/grace-hopper');
    expect(await profile.getAttribute('rel')).toBe('noopener noreferrer');
    await item.getByRole('button', { name: 'Copy the text for Grace Hopper' }).waitFor();
    await item.getByRole('button', { name: 'I sent it to Grace Hopper' }).click();
    await page.getByText('Message to Grace Hopper marked as sent').waitFor();
    await page.getByText('Nothing is to be sent by hand').waitFor();
    expect(await statusOf(id)).toBe('sent');
  });

  it('shows why something failed, and what to do', async () => {
    await addMessage(site.program, { name: 'Edsger Dijkstra', status: 'failed', error: '550 Refused by policy' });
    await open('?tab=failed');
    await page.getByRole('link', { name: 'Edsger Dijkstra' }).focus();
    await page.keyboard.press('Enter');
    const detail = page.getByRole('complementary', { name: 'Message' });
    await detail.getByText('550 Refused by policy').waitFor();
    await detail.getByText('retry the failures in its job').waitFor();
    await detail.getByRole('link', { name: /^Send job/ }).waitFor();
  });

  it('shows what came in with the message that it is about', async () => {
    const id = await addMessage(site.program, { name: 'Margaret Hamilton', status: 'sent', subject: 'On the moon' });
    await addMail(site.program, { kind: 'auto_reply', message: id, sender: 'margaret@example.org', subject: 'Re: On the moon', text: 'Yes, of course. <b>Call me</b>' });
    await open('?tab=replies');
    await page.getByRole('link', { name: 'Margaret Hamilton' }).click();
    const detail = page.getByRole('complementary', { name: 'Reply' });
    await detail.getByText('Yes, of course. <b>Call me</b>').waitFor();
    await detail.getByRole('link', { name: 'On the moon', exact: true }).waitFor();
    await detail.getByRole('button', { name: 'A person did answer' }).click();
    await page.getByRole('button', { name: 'Mark as replied' }).click();
    await page.getByText('Message to Margaret Hamilton marked as replied').waitFor();
    expect(await statusOf(id)).toBe('replied');
    await page.getByRole('button', { name: 'Classify again' }).click();
    await page.getByText('Every mail was classified by this version already').waitFor();
  });

  it('suppresses an address, finds it, and lifts it once somebody says that they agreed', async () => {
    await open('?tab=suppressions');
    await page.getByText('Nobody is suppressed').waitFor();
    await page.getByRole('button', { name: 'Suppress somebody' }).click();
    const dialog = page.getByRole('dialog', { name: 'Suppress somebody' });
    await dialog.getByRole('button', { name: 'Suppress' }).click();
    await dialog.getByText('Say whom.').waitFor();
    await dialog.getByLabel('Kind').selectOption('DOMAIN');
    await dialog.getByLabel('Domain').fill('co.uk');
    await dialog.getByRole('button', { name: 'Suppress' }).click();
    await dialog.getByText(/everything under it would be suppressed/).waitFor();
    await dialog.getByLabel('Domain').fill('rival.example');
    await dialog.getByLabel('Reason').fill('A rival');
    await dialog.getByRole('button', { name: 'Suppress' }).click();
    await page.getByText('rival.example is suppressed').waitFor();
    await page.getByRole('row').filter({ hasText: 'A rival' }).waitFor();
    await page.getByLabel('E-mail address').fill('boss@mail.rival.example');
    await page.getByRole('button', { name: 'Look it up' }).click();
    await page.getByText('boss@mail.rival.example is suppressed with its domain').waitFor();
    await page.getByRole('button', { name: 'Lift a suppression' }).click();
    const lift = page.getByRole('dialog', { name: 'Lift a suppression' });
    await lift.getByLabel('Kind').selectOption('DOMAIN');
    await lift.getByLabel('Domain').fill('rival.example');
    expect(await lift.getByRole('button', { name: 'Lift the suppression' }).isDisabled()).toBe(true);
    await lift.getByLabel('They have asked for it, or agreed to it').check();
    expect(await faults(page)).toEqual([]);
    await lift.getByRole('button', { name: 'Lift the suppression' }).click();
    await page.getByText('boss@mail.rival.example is not suppressed').waitFor();
    await page.getByText('Nobody is suppressed').waitFor();
  });

  it('lets a viewer read, and says why nothing can be done', async () => {
    const viewer = await site.visit({ key: await site.program.createKey('viewer') });
    await viewer.goto(site.url('messages?tab=waiting'));
    await viewer.getByText('Your key may not decide about messages').waitFor();
    await viewer.getByRole('link', { name: 'Frances Allen' }).click();
    await viewer.getByRole('complementary', { name: 'Message' }).getByText('I read what you make.').waitFor();
    await expectNone(viewer.getByRole('button', { name: /cancel|sent|replied/i }));
    await viewer.goto(site.url('messages?tab=suppressions'));
    await viewer.getByText('Nobody is suppressed').waitFor();
    await expectNone(viewer.getByRole('button', { name: /suppress|lift/i }));
    await viewer.context().close();
  });

  it.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 360 },
  ] as const)('has nothing that axe finds and nothing too wide: $colorScheme, $width px', async ({ colorScheme, width }) => {
    await addMessage(site.program, { name: `שרה ${'very long name '.repeat(19)}`, status: 'sent', subject: 'W'.repeat(300) });
    const visitor = await site.visit({ colorScheme, viewport: { width, height: 800 } });
    const found: string[] = [];
    for (const tab of ['sent', 'waiting', 'decide', 'failed', 'replies', 'suppressions', 'all']) {
      await visitor.goto(site.url(`messages?tab=${tab}`));
      await visitor.getByRole('heading', { name: 'Messages', level: 1 }).waitFor();
      await visitor.getByRole('status', { name: /^Reading/ }).first().waitFor({ state: 'detached' });
      found.push(...(await faults(visitor)));
    }
    await visitor.getByRole('link', { name: /very long name/ }).first().click();
    await visitor.getByRole('list', { name: 'What happened to it' }).waitFor();
    found.push(...(await faults(visitor)));
    await visitor.context().close();
    expect(found).toEqual([]);
  });

  it('goes on with e-mail where the tables of the social channel are broken', async () => {
    await site.program.query('alter table social_messages rename to social_messages_away');
    await open('?tab=all');
    await page.getByText('The list of messages could not be read').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Only e-mail' }).click();
    await row('Ada Lovelace').waitFor();
  });

  it('has not crashed on any of these pages', () => {
    expect(site.crashes).toEqual([]);
  });
});

/** The text of what has the focus. */
function focused(page: Page): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.textContent ?? null);
}

async function expectNone(found: ReturnType<Page['getByRole']>): Promise<void> {
  expect(await found.allTextContents()).toEqual([]);
}
