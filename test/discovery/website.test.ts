import { afterEach, describe, expect, test } from '@jest/globals';
import type { RequestListener } from 'node:http';
import type { DiscoveredProspect } from '../../src/discovery/adapter.ts';
import { adapterOf } from '../../src/discovery/adapters.ts';
import { createFetch } from '../../src/discovery/fetch/createFetch.ts';
import { Platform } from '../../src/domain/enums.ts';
import { outreachOf } from '../support/outreach.ts';
import { type LocalSite, lookupOf, serveSite } from './support.ts';

const website = adapterOf(Platform.WEBSITE)!;
const sites: LocalSite[] = [];
afterEach(() => Promise.all(sites.splice(0).map((site) => site.close())));

type Pages = { [path: string]: string | Buffer | { status?: number; headers?: Record<string, string>; body?: string | Buffer } };

/** A site with these pages; a text is HTML, what is missing is 404. */
async function serve(pages: Pages, address?: string): Promise<LocalSite> {
  const listener: RequestListener = (request, response) => {
    const page = pages[request.url ?? ''] ?? { status: 404 };
    const { status = 200, headers = {}, body = '' } = typeof page === 'string' || Buffer.isBuffer(page) ? { body: page } : page;
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
  };
  const site = await serveSite(listener, address);
  sites.push(site);
  return site;
}

/** Each name is a host of its own, at the site's address: `http://acme.example:PORT`. */
async function find(site: LocalSite, { host = 'acme.example', path = '/', filters = {}, session = {} } = {}): Promise<DiscoveredProspect> {
  const { signal } = new AbortController();
  const hosts = [host, 'acme.example', 'www.acme.example', 'acme-group.example', '127.0.0.1'];
  const fetch = createFetch({
    userAgent: 'Outrider/test', allowedHosts: hosts, signal, limits: { attempts: 2, backoffMs: 5, timeoutMs: 20_000, longestWaitMs: 50 },
    lookup: lookupOf(Object.fromEntries(hosts.map((name) => [name, '127.0.0.1']))),
  });
  const query = `http://${host}:${site.port}${path}`;
  const page = await website.readPage({ query, filters: website.filters.parse(filters), limit: 1, cursor: null, fetch, signal, session }, outreachOf());
  return page.found[0]!;
}

const asked = ({ requests }: LocalSite) => requests.map(({ path }) => path);

describe('robots.txt', () => {
  test('what it disallows is not asked for, neither at first nor on further pages nor after a redirect', async () => {
    const site = await serve({
      '/robots.txt': 'User-agent: *\nDisallow: /contact\nDisallow: /private\n', '/': '<a href="/contact">Contact</a><a href="/about">About</a>',
      '/about': 'info@acme.example', '/moved': { status: 301, headers: { location: '/private' } },
    });
    expect(await find(site)).toMatchObject({ email: 'info@acme.example' });
    await expect(find(site, { path: '/private' })).rejects.toMatchObject({ code: 'ROBOTS_DISALLOWED' });
    await expect(find(site, { path: '/moved' })).rejects.toMatchObject({ code: 'ROBOTS_DISALLOWED' });
    expect(asked(site)).not.toContain('/contact');
    expect(asked(site)).not.toContain('/private');
  });

  test('what is waited for before a redirect is followed takes nothing of the time that the site has', async () => {
    const site = await serve({ '/robots.txt': 'User-agent: *\nCrawl-delay: 3.5\n', '/': { status: 302, headers: { location: '/en/' } }, '/en/': '<title>Acme</title>' });
    expect(await find(site)).toMatchObject({ displayName: 'Acme' });
    expect(asked(site)).toEqual(['/robots.txt', '/', '/en/']);
  });

  test('a group may name us among others, and lines without a meaning part no group', async () => {
    const robots = 'User-agent: *\nUser-agent: Googlebot\n\n# and\nuser-agent : outrider/1.0 # us\nUser-agent: Bingbot\nDisallow: /contact\n\nUser-agent: Bingbot\nDisallow: /about\n';
    const site = await serve({ '/robots.txt': robots, '/': '<a href="/contact">Contact</a><a href="/about">About</a>', '/about': 'info@acme.example' });
    expect(await find(site)).toMatchObject({ email: 'info@acme.example' });
    expect(asked(site)).not.toContain('/contact');
  });

  test.each<[string, string]>([
    ['many rules for many names', 'User-agent: a\n'.repeat(3_000) + 'Disallow: /x\n'.repeat(4_000)],
    ['names with nothing between them', 'User-agent: a\n:\n'.repeat(3_000) + 'Disallow: /x\n'.repeat(4_000)],
    ['asterisks and a long path', `User-agent: *\nDisallow: ${'*'.repeat(500_000)}$x\n`],
  ])('of %s takes no time out of proportion', async (_, robots) => {
    const site = await serve({ '/robots.txt': robots, '/': { status: 302, headers: { location: `/${'y'.repeat(2_000)}` } }, [`/${'y'.repeat(2_000)}`]: '<title>Acme</title>' });
    const before = process.cpuUsage();
    expect(await find(site)).toMatchObject({ displayName: 'Acme' });
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(4_000);
  });

  test('rules for us by name go before those for all', async () => {
    const site = await serve({ '/robots.txt': 'User-agent: *\nDisallow:\n\nUser-agent: Outrider\nDisallow: /\n', '/': 'hello' });
    await expect(find(site)).rejects.toMatchObject({ code: 'ROBOTS_DISALLOWED' });
    expect(asked(site)).toEqual(['/robots.txt']);
  });

  test('one that is missing or forbidden allows all; while it fails nothing is asked for', async () => {
    for (const status of [401, 403, 404, 410]) {
      expect(await find(await serve({ '/robots.txt': { status }, '/': '<title>Acme</title>' }))).toMatchObject({ displayName: 'Acme' });
    }
    const failing = await serve({ '/robots.txt': { status: 503 }, '/': 'hello' });
    await expect(find(failing)).rejects.toMatchObject({ code: 'ROBOTS_UNAVAILABLE' });
    expect(asked(failing)).not.toContain('/');
  });

  test('is read once in a session, and its delay is waited for', async () => {
    const site = await serve({ '/robots.txt': 'User-agent: *\nCrawl-delay: 0.4\n', '/': '<a href="/contact">Contact</a>', '/contact': 'mail' });
    const session = {};
    const before = Date.now();
    await find(site, { session });
    await find(site, { session, path: '/contact' });
    expect(Date.now() - before).toBeGreaterThanOrEqual(790);
    expect(asked(site).filter((path) => path === '/robots.txt')).toHaveLength(1);
  });

  test('pages that ask not to be indexed are not used, and links of those that ask not to be followed are not', async () => {
    await expect(find(await serve({ '/': '<meta name="robots" content="noindex">Acme' }))).rejects.toMatchObject({ code: 'NOINDEX' });
    await expect(find(await serve({ '/': { headers: { 'x-robots-tag': 'none' }, body: 'Acme' } }))).rejects.toMatchObject({ code: 'NOINDEX' });
    expect(await find(await serve({ '/': { headers: { 'x-robots-tag': 'otherbot: noindex' }, body: '<title>Acme</title>' } }))).toMatchObject({ displayName: 'Acme' });
    const imprint = await serve({ '/': '<a href="/impressum">Impressum</a>', '/impressum': '<meta name="robots" content="NOINDEX,follow">info@acme.example' });
    expect(await find(imprint)).toMatchObject({ email: null });
    const closed = await serve({ '/': '<meta name="robots" content="nofollow"><a href="/contact">Contact</a>', '/contact': 'info@acme.example' });
    expect(await find(closed)).toMatchObject({ email: null });
  });
});

describe('what a site is', () => {
  test('its organisation, as structured data has it', async () => {
    const data = { '@context': 'https://schema.org', '@graph': [
      { '@type': 'WebSite', name: 'Site' }, { '@type': ['LocalBusiness', 'Bakery'], name: 'Acme &amp; Sons', description: 'Bread since 1900', email: 'mailto:bread@acme.example',
        sameAs: ['https://www.instagram.com/acme.bread/', 'https://twitter.com/acmebread', 'https://mastodon.example/@acme', 'https://en.wikipedia.org/wiki/Acme'] },
    ] };
    const site = await serve({ '/': `<title>Home</title><script type="application/ld+json">{ broken</script><script type="application/ld+json">${JSON.stringify(data)}</script>` });
    const found = await find(site);
    expect(found).toMatchObject({ displayName: 'Acme & Sons', bioText: 'Bread since 1900', email: 'bread@acme.example', emailBlocked: false, followerCount: null, username: null });
    expect(found.profiles.map(({ platform, username }) => [platform, username])).toEqual([['instagram', 'acme.bread'], ['x', 'acmebread'], ['mastodon', 'acme@mastodon.example']]);
    expect(found.externalLinks).toContain('https://en.wikipedia.org/wiki/Acme');
  });

  test.each([
    ['raw line breaks and a trailing comma', '{"@type": "Organization", "name": "Acme", "description": "Two\nlines",}', { displayName: 'Acme', bioText: 'Two lines' }],
    ['a type by its address', '{"@type": "http://schema.org/Corporation", "name": "Acme"}', { displayName: 'Acme' }],
    ['nonsense of the right shape', '{"@type": {"a": 1}, "name": ["Acme"], "sameAs": [null, 7, {"@id": "javascript:alert(1)"}], "email": {"x": []}}', { displayName: 'Fallback' }],
    ['an article about somebody else', '{"@type": "NewsArticle", "name": "Other", "email": "other@acme.example"}', { displayName: 'Fallback', email: null }],
    ['null', 'null', { displayName: 'Fallback' }],
  ])('structured data with %s', async (_, script, expected) => {
    expect(await find(await serve({ '/': `<title>Fallback</title><script type="application/ld+json">${script}</script>` }))).toMatchObject(expected);
  });

  test.each([
    ['og:site_name', '<title>Welcome</title><meta property="og:site_name" content="Acme Ltd">', 'Acme Ltd'],
    ['the part of its title that its host is named after', '<title>Welcome to the best | Acme</title>', 'Acme'],
    ['the first part of its title', '<title>Fine Bread – since 1900</title>', 'Fine Bread'],
    ['its host', '<p>hello', 'acme.example'],
  ])('its name is %s', async (_, html, displayName) => {
    expect(await find(await serve({ '/': html }))).toMatchObject({ displayName });
  });

  test.each([
    ['/', 'acme.example', '/'], ['/en/', 'acme.example', '/'], ['/kontakt', 'acme.example', '/'], ['/about-us.html', 'acme.example', '/'], ['/people/ada', 'acme.example', '/people/ada'],
  ])('a prospect of %s stands at %s%s', async (path, host, expected) => {
    const site = await serve({ [path]: 'hello', '/': 'hello' });
    expect(await find(site, { path })).toMatchObject({ profileUrl: `http://${host}:${site.port}${expected}` });
  });

  test('a redirect to another domain leads to the prospect of that domain; one to a platform to none', async () => {
    const site = await serve({ '/welcome': '<title>Acme</title>' });
    const moved = await serve({
      '/': { status: 301, headers: { location: `http://www.acme.example:${site.port}/welcome` } }, '/social': { status: 302, headers: { location: 'https://www.instagram.com/acme/' } },
    });
    expect(await find(moved, { host: 'acme-group.example' })).toMatchObject({ profileUrl: `http://www.acme.example:${site.port}/`, displayName: 'Acme' });
    await expect(find(moved, { path: '/social' })).rejects.toMatchObject({ code: 'NOT_A_WEBSITE' });
  });

  test('profiles: of several of one platform only those in the frame, and what is only shared or embedded is none', async () => {
    const site = await serve({ '/': `
      <main><a href="https://github.com/somebody">a</a><a href="https://github.com/another">b</a>
        <a href="https://twitter.com/intent/tweet?text=x">share</a><a href="https://www.facebook.com/sharer/sharer.php?u=x">share</a>
        <a href="https://www.youtube.com/watch?v=1">video</a><a href="https://www.instagram.com/p/abc/">post</a></main>
      <footer><a href="https://github.com/Acme/">us</a><a href="https://www.linkedin.com/company/acme/?trk=x">us</a></footer>
      <a rel="me" href="https://social.example/@Acme">us</a><a href="https://medium.com/@acme" rel="me">blog</a>` });
    const { profiles, externalLinks } = await find(site);
    expect(profiles.map(({ platform, username }) => [platform, username]).sort()).toEqual([['github', 'Acme'], ['linkedin', 'company/acme'], ['mastodon', 'Acme@social.example']]);
    expect(externalLinks).toContain('https://medium.com/@acme');
    expect(externalLinks.join()).not.toMatch(/intent|sharer|watch|\/p\//);
  });
});

describe('addresses', () => {
  test.each([
    ['a mailto link', '<a href="mailto:Info%40acme.example?subject=Hi">write</a>', 'info@acme.example'],
    ['plain text', '<p>Mail: info@acme.example.</p>', 'info@acme.example'],
    ['text in cells without spaces', '<table><tr><td>Email</td><td>info@acme.example</td><td>Tel</td></tr></table>', 'info@acme.example'],
    ['[at]', 'info [at] acme.example', 'info@acme.example'], ['(at) and (dot)', 'info(at)acme(dot)example', 'info@acme.example'], ['{ät} and [punkt]', 'info {ät} acme [punkt] example', 'info@acme.example'],
    ['AT and DOT', 'info AT acme DOT example', 'info@acme.example'], ['at and dot in words', 'Write to info at acme dot example', 'info@acme.example'],
    ['a hidden trap in its middle', 'info<span style="display:none">nospam</span>@acme.example', 'info@acme.example'],
    ['numbers for Cloudflare', '<span class="__cf_email__" data-cfemail="543d3a323b1435373931713a">x</span><a href="/cdn-cgi/l/email-protection#3a53545c557a5b59575f145f425b574a565f">[email protected]</a>', 'info@acme.example'],
    ['several: the one of its own domain', 'us@gmail.com, design@agency.example, hello@acme.example, jobs@acme.example', 'hello@acme.example'],
    ['who made the site', '<footer>Webdesign by studio@agency.example</footer>', null],
    ['a picture for fine screens', '<img src="logo@2x.png"> logo@2x.png icon@3x.webp', null],
    ['placeholders', 'name@example.com you@yourdomain.com <input placeholder="x"> abc@o123.ingest.sentry.io 0123456789abcdef0123456789abcdef@sentry.io', null],
    ['machines', 'no-reply@acme.example', null],
    ['words that look like it', 'Look at acme.example. Meet us @ the fair. react@18.2.0 a@b', null],
  ])('%s', async (_, html, email) => {
    expect((await find(await serve({ '/': html }))).email).toBe(email);
  });

  test.each([
    ['contact', 'Contact us'], ['kontakt.html', 'Kontakt'], ['contacto', 'Contacto'], ['mentions-legales', 'Mentions légales'], ['impressum', 'Impressum'], ['page7', 'Über uns'], ['%E3%81%8A%E5%95%8F%E3%81%84%E5%90%88%E3%82%8F%E3%81%9B', 'お問い合わせ'],
  ])('is found on the page /%s', async (path, words) => {
    const site = await serve({ '/': `<a href="/${path}#top">${words}</a><a href="/products">Products</a><a href="https://other.example/contact">Contact</a>`, [`/${path}`]: 'mail@acme.example' });
    expect(await find(site)).toMatchObject({ email: 'mail@acme.example' });
    expect(asked(site)).not.toContain('/products');
  });

  test.each([
    ['Keine Werbung per E-Mail! info@acme.example', true],
    ['info@acme.example. Der Nutzung der Kontaktdaten zur Übersendung von nicht ausdrücklich angeforderter Werbung wird hiermit ausdrücklich widersprochen.', true],
    ['No cold emails, please: info@acme.example', true],
    ['Pas de démarchage: info@acme.example', true],
    ['info@acme.example – we love to hear from you', false],
  ])('%s → marked: %s', async (text, emailBlocked) => {
    const site = await serve({ '/': '<a href="/contact">Contact</a>', '/contact': `<meta charset=utf-8>${text}` });
    expect(await find(site)).toMatchObject({ email: 'info@acme.example', emailBlocked });
  });

  test('a promise far from the address, on a page that is about other things, is no objection', async () => {
    const text = `<p>Our app shows no advertising, ever.</p>${'<p>Much about it.</p>'.repeat(60)}<p>info@acme.example</p>`;
    expect(await find(await serve({ '/': text }))).toMatchObject({ emailBlocked: false });
  });
});

describe('pages as they are', () => {
  test.each<[string, string, Buffer]>([
    ['windows-1252, as the header says', 'text/html; charset=windows-1252', Buffer.from('<title>M\xfcller \x96 B\xe4cker</title>', 'latin1')],
    ['latin1, though the header says UTF-8', 'text/html; charset=utf-8', Buffer.from('<title>M\xfcller \x96 B\xe4cker</title>', 'latin1')],
    ['UTF-8, though the header says latin1', 'text/html; charset=iso-8859-1', Buffer.from('<title>Müller – Bäcker</title>')],
    ['UTF-8, saying nothing', 'text/html', Buffer.from('<title>Müller – Bäcker</title>')],
    ['an encoding that does not exist', 'text/html; charset=martian', Buffer.from('<title>M\xfcller \x96 B\xe4cker</title>', 'latin1')],
    ['UTF-16 with a byte order mark', 'text/html', Buffer.from('\uFEFF<title>Müller – Bäcker</title>', 'utf16le')],
  ])('in %s', async (_, type, body) => {
    expect(await find(await serve({ '/': { headers: { 'content-type': type }, body } }))).toMatchObject({ displayName: 'Müller' });
  });

  test('in Shift_JIS, as the page itself says', async () => {
    const body = Buffer.concat([Buffer.from('<meta charset="Shift_JIS"><title>'), Buffer.from([0x93, 0xfa, 0x96, 0x7b]), Buffer.from('</title>')]);
    expect(await find(await serve({ '/': { headers: { 'content-type': 'text/html' }, body } }))).toMatchObject({ displayName: '日本' });
  });

  test('what is no page fails, and says so', async () => {
    await expect(find(await serve({ '/': { headers: { 'content-type': 'application/pdf' }, body: '%PDF' } }))).rejects.toMatchObject({ code: 'NOT_HTML' });
    await expect(find(await serve({ '/': { status: 500 } }))).rejects.toMatchObject({ code: 'HTTP_STATUS', status: 500 });
  });

  test.each<[string, string]>([
    ['nested without end', '<div>'.repeat(200_000)], ['lists in lists', '<ul><li>'.repeat(100_000)], ['links and nothing else', '<a href="/contact">contact</a>'.repeat(60_000)],
    ['one tag of attributes', `<div ${Array.from({ length: 100_000 }, (_, index) => `a${index}`).join(' ')}>`], ['comments that do not end', '<!--'.repeat(300_000)], ['at after at', 'a@'.repeat(300_000)],
    ['a word without end', 'a'.repeat(1_500_000)], ['brackets', '[ at ] '.repeat(100_000)], ['structured data in itself', `<script type="application/ld+json">${'{"a":['.repeat(50_000)}</script>`],
    ['an element that ends no other of its kind', '<thead>'.repeat(250_000)], ['tags that end in an attribute', '<b title="</b>">'.repeat(120_000)], ['tags that another one seems to end', '<b:x></b>'.repeat(200_000)],
    ['a style that is none', `<style:x>${'<i>'.repeat(400_000)}`], ['a comment that has ended', `<!-->${'<i>'.repeat(400_000)}`], ['drawings that nothing ends', '<i><svg></i>'.repeat(150_000)], ['links in links', `${'<a href=/x>'.repeat(590)}${'text '.repeat(80_000)}`],
    ['blanks in structured data', `<script type="application/ld+json">x${' '.repeat(200_000)}x</script>`], ['dots in an address', `<a href="mailto:a${'.'.repeat(200_000)}a">x</a>`], ['addresses in links, and text', `${`<a href="mailto:${'a@b.cc,'.repeat(20)}">x</a>`.repeat(7_000)}${'text '.repeat(80_000)}`],
    ['slashes in a profile', `<script type="application/ld+json">{"@type": "Organization", "name": "A", "sameAs": ["https://x.com/${'/'.repeat(200_000)}a"]}</script>`], ['links, and a long base', `<base href="/${'b'.repeat(500_000)}">${'<a href="x">x</a>'.repeat(50_000)}`],
  ])('a page of %s takes no time out of proportion', async (_, html) => {
    const site = await serve({ '/': html });
    const before = process.cpuUsage();
    await find(site).catch((error) => expect(error).toMatchObject({ code: 'UNREADABLE' }));
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(8_000);
  });
});
