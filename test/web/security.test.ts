import type { Page } from 'playwright-core';
import { waitFor } from '../support/waitFor.ts';
import { describeInBrowser, Site } from './site.ts';

const hostileName = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;

describeInBrowser('the dashboard and hostile data', () => {
  let site!: Site;
  let page: Page;

  beforeAll(async () => {
    site = await Site.open();
    page = site.page;
    await site.program.query(
      `insert into prospects (id, canonical_key, profile_url, display_name, bio_text)
       values (gen_random_uuid(), 'example.org/hostile', 'javascript:document.title=1', $1, $1), (gen_random_uuid(), 'example.org/fine', 'https://example.org/fine', 'Fine', 'Fine')`,
      [hostileName],
    );
  });

  afterAll(async () => {
    await site?.close();
  });

  it('keep the token out of the address and the cookie out of the reach of scripts and other sites', async () => {
    expect(page.url()).not.toContain('token');
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    expect(await page.evaluate(() => document.cookie)).toBe('');
  });

  it('allow no inline script, no script of others, and no frame around the page', async () => {
    const policy = (await page.request.get(site.program.url)).headers()['content-security-policy']!;
    const directives = Object.fromEntries(policy.split(';').map((directive) => directive.trim().split(/ (.*)/)));
    expect(directives).toMatchObject({ 'default-src': "'self'", 'script-src': "'self'", 'connect-src': "'self'", 'object-src': "'none'", 'frame-ancestors': "'none'", 'base-uri': "'none'" });
  });

  it('let the page talk to its own socket under that policy', async () => {
    const blocked: string[] = [];
    let frames = 0;
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) blocked.push(message.text());
    });
    page.on('websocket', (socket) => socket.on('framereceived', () => frames++));
    await page.goto(site.url('prospects'));
    await page.getByText('2 prospects match').waitFor();
    await waitFor(() => frames > 0);
    expect(blocked).toEqual([]);
  });

  it('show HTML as text, and an address that is no web page not as a link', async () => {
    await page.getByText(hostileName).first().waitFor();
    expect(await page.title()).toBe('Prospects · Outrider');
    const links = await page.getByRole('main').getByRole('link').evaluateAll((all) => all.map((link) => [link.getAttribute('href'), link.getAttribute('rel')]));
    const outside = links.filter(([href]) => !href?.startsWith('/'));
    expect(outside).toEqual([['https://example.org/fine', expect.stringContaining('noopener')]]);
  });
});
