import type { Page } from 'playwright-core';
import { describeInBrowser, faults, Site } from './site.ts';

describeInBrowser('signing in', () => {
  let site!: Site;
  let page: Page;
  let key = '';

  beforeAll(async () => {
    site = await Site.open();
    key = await site.program.createKey('operator');
    page = await site.enter();
  });

  afterAll(async () => {
    await site?.close();
  });

  const field = () => page.getByLabel('API key');
  const submit = () => page.getByRole('button', { name: 'Sign in' }).click();
  const described = () => field().evaluate((element) => document.getElementById(element.getAttribute('aria-describedby') ?? '')?.textContent);

  it('asks for a key in a form that password managers know, and says where one comes from', async () => {
    await page.goto(site.url('jobs?status=FAILED'));
    await page.getByRole('heading', { name: 'Sign in to Outrider' }).waitFor();
    expect(await field().evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await field().getAttribute('autocomplete')).toBe('current-password');
    expect(await page.locator('input[autocomplete=username]').count()).toBe(1);
    await page.getByText('outrider token create').waitFor();
    expect(await faults(page)).toEqual([]);
  });

  it('says that the key is wrong, and puts the focus to it', async () => {
    await field().fill('nonsense');
    await submit();
    await page.getByText(/does not know this key/).first().waitFor();
    expect(await described()).toMatch(/does not know this key/);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('password');
    expect(await faults(page)).toEqual([]);
  });

  it.each([
    { what: 'too many attempts', answer: { status: 429, headers: { 'retry-after': '30' } }, text: /Wait 30 s/ },
    { what: 'a database that is away', answer: { status: 503 }, text: /database does not answer/ },
    { what: 'a server that is away', answer: null, text: /server does not answer/ },
  ])('says: $what', async ({ answer, text }) => {
    await page.route('**/login', (route) => (answer ? route.fulfill(answer) : route.abort()));
    await submit();
    await page.getByText(text).first().waitFor();
    expect(await field().inputValue()).toBe('nonsense');
    await page.unrouteAll({ behavior: 'wait' });
  });

  it('shows the address that was asked for once the key is good', async () => {
    await field().fill(` ${key}\n`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
    expect(page.url()).toBe(site.url('jobs?status=FAILED'));
  });

  it('signs out, and stays where it was', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Outrider' }).waitFor();
    expect(page.url()).toBe(site.url('jobs?status=FAILED'));
    expect(await page.context().cookies()).toEqual([]);
  });

  it('takes only the token out of a printed address', async () => {
    const token = new URL(site.program.loginUrl()).searchParams.get('token');
    await page.goto(site.url(`messages?tab=waiting&token=${token}&q=12345678901234567890`));
    await page.getByRole('heading', { name: 'Messages', exact: true }).waitFor();
    expect(page.url()).toBe(site.url('messages?tab=waiting&q=12345678901234567890'));
    // Not in what "back" leads to, nor in what the page knows of where it came from.
    expect(await page.evaluate(() => [document.referrer, ...performance.getEntries().map(({ name }) => name)].join())).not.toContain(token);
    expect(await page.context().cookies()).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }]);
  });

  it('asks whoever follows a link with a key of somebody else, and stays who it was', async () => {
    const visitor = await site.enter();
    await visitor.goto(site.url(`jobs?token=${key}`));
    await visitor.getByText('The token in the address is not valid').waitFor();
    expect(visitor.url()).toBe(site.url('jobs'));
    expect(await visitor.context().cookies()).toEqual([]);
    await visitor.context().close();
  });

  it('says that the token of an address is not valid, and lets somebody paste a key instead', async () => {
    const visitor = await site.enter({ colorScheme: 'dark', viewport: { width: 360, height: 700 } });
    await visitor.goto(site.url('messages?tab=decide&token=old'));
    await visitor.getByText('The token in the address is not valid').waitFor();
    expect(visitor.url()).toBe(site.url('messages?tab=decide'));
    expect(await faults(visitor)).toEqual([]);
    await visitor.getByLabel('API key').fill(key);
    await visitor.getByRole('button', { name: 'Sign in' }).click();
    await visitor.getByRole('heading', { name: 'Messages', exact: true }).waitFor();
    await visitor.context().close();
  });

  it('has not crashed on any of these pages', () => {
    expect(site.crashes).toEqual([]);
  });
});
