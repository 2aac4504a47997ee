import { Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { RequestListener } from 'node:http';
import { createFetch, type FetchSettings, type RequestRecord } from '../../src/discovery/fetch/createFetch.ts';
import { isPublicAddress } from '../../src/network/publicAddress.ts';
import { type LocalSite, lookupOf, serveSite } from './support.ts';

const sites: LocalSite[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(sites.splice(0).map((site) => site.close()));
});

async function serve(listener: RequestListener, address?: string): Promise<LocalSite> {
  const site = await serveSite(listener, address);
  sites.push(site);
  return site;
}

/** A fetch that may reach the given sites and nothing else that is not public. */
function fetchOf(settings: Partial<FetchSettings> & { sites?: LocalSite[] } = {}) {
  const recorded: RequestRecord[] = [];
  const allowedHosts = (settings.sites ?? sites).map(({ host }) => host);
  const fetch = createFetch({
    userAgent: 'Outrider/test (+https://outreach.example.org)', allowedHosts, signal: new AbortController().signal,
    lookup: lookupOf({}), onRequest: (request) => recorded.push(request), ...settings, limits: { backoffMs: 5, timeoutMs: 20_000, ...settings.limits },
  });
  return Object.assign(fetch, { recorded });
}

describe('what it refuses to connect to', () => {
  const refused = { code: 'ADDRESS_REFUSED' };

  test.each([
    'http://127.0.0.1/', 'http://127.1/', 'http://2130706433/', 'http://0x7f000001/', 'http://017700000001/', 'http://0/', 'http://0.0.0.0/',
    'http://10.0.0.1/', 'http://172.16.5.4/', 'http://192.168.1.1/', 'http://169.254.169.254/latest/meta-data/', 'http://100.64.0.1/', 'http://100.100.100.200/',
    'http://168.63.129.16/', 'http://224.0.0.1/', 'http://255.255.255.255/', 'http://240.0.0.1/', 'http://198.18.0.1/', 'http://192.0.0.192/',
    'http://[::1]/', 'http://[::]/', 'http://[::127.0.0.1]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:a9fe:a9fe]/', 'http://[64:ff9b::7f00:1]/', 'http://[64:ff9b:1::7f00:1]/',
    'http://[2002:7f00:1::]/', 'http://[2001:0:7f00:1::]/', 'http://[fe80::1]/', 'http://[fc00::1]/', 'http://[fd00:ec2::254]/', 'http://[fec0::1]/', 'http://[ff02::1]/', 'http://[2001:db8::1]/',
    'http://localhost/', 'http://LOCALHOST./', 'http://app.localhost/', 'http://metadata.google.internal/', 'http://printer.local/', 'http://intranet/', 'http://router.lan/', 'http://nas.home.arpa/',
    'https://user:secret@example.org/', 'ftp://example.org/', 'file:///etc/passwd', 'http://example.org:22/', 'http://example.org:8080/', 'https://example.org:6379/',
  ])('%s, without asking DNS', async (url) => {
    const lookup = lookupOf({});
    await expect(fetchOf({ lookup })(url)).rejects.toMatchObject(refused);
    expect(lookup.asked).toEqual([]);
  });

  test.each(['127.0.0.1', '10.1.2.3', '169.254.169.254', '::1', '::ffff:10.0.0.1', 'fd12::1', '100.64.3.2'])('a name that resolves to %s', async (address) => {
    await expect(fetchOf({ lookup: lookupOf({ 'innocent.example': [[address]] }) })('http://innocent.example/')).rejects.toMatchObject(refused);
  });

  test.each(['http://127.0.0.1/', 'http://169.254.169.254/latest/', 'http://[::1]/', 'http://innocent.example/', 'file:///etc/passwd', '//localhost/', 'http://example.org:8080/'])(
    'a redirect to %s',
    async (location) => {
      const site = await serve((_, response) => void response.writeHead(302, { location }).end());
      const fetch = fetchOf({ lookup: lookupOf({ 'innocent.example': '127.0.0.1' }) });
      await expect(fetch(site.origin)).rejects.toMatchObject(refused);
      expect(site.requests).toHaveLength(1);
    },
  );

  test('another port of a host that is allowed with its port', async () => {
    const [allowed, other] = [await serve((_, response) => void response.end('yes')), await serve((_, response) => void response.end('no'))];
    const fetch = fetchOf({ sites: [allowed] });
    await expect(fetch(other.origin)).rejects.toMatchObject(refused);
    expect((await fetch(allowed.origin)).text()).toBe('yes');
    expect(other.requests).toEqual([]);
  });

  test('a name whose second answer is private: what was checked once is not trusted again, and what is connected to is what was checked', async () => {
    const lookup = lookupOf({ 'rebind.example': [['93.184.216.34', '127.0.0.1', '::1'], ['127.0.0.1']] });
    const offered: unknown[] = [];
    jest.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args: any[]) {
      const options = [args[0]].flat()[0];
      options.lookup(options.host, { all: true }, (error: Error | null, addresses: unknown) => {
        offered.push(error ? error.message : addresses);
        this.destroy(error ?? Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
      });
      return this;
    });
    await expect(fetchOf({ lookup, limits: { attempts: 2 } })('http://rebind.example/')).rejects.toMatchObject(refused);
    expect(offered).toEqual([[{ address: '93.184.216.34', family: 4 }], expect.stringContaining('127.0.0.1, which is not public')]);
    expect(lookup.asked).toHaveLength(2);
  });

  test.each(['93.184.216.34', '2606:4700:4700::1111', '1.1.1.1'])('but not %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('its bounds', () => {
  test('a body above the bound is refused, whether it is announced or not', async () => {
    const site = await serve((request, response) => {
      if (request.url === '/announced') return void response.writeHead(200, { 'content-length': '3000000' }).flushHeaders();
      const piece = Buffer.alloc(100_000, 'x');
      const more = () => { while (!response.destroyed && response.write(piece)); };
      response.on('drain', more);
      more();
    });
    await expect(fetchOf()(`${site.origin}/announced`)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await expect(fetchOf()(`${site.origin}/endless`)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    const cut = await fetchOf()(`${site.origin}/endless`, { maximumBytes: 1_000, truncate: true });
    expect(cut.body).toHaveLength(1_000);
  });

  test.each([['gzip', gzipSync], ['br', brotliCompressSync]] as const)('a %s bomb is refused before it is unpacked', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(60_000_000));
    const site = await serve((_, response) => void response.writeHead(200, { 'content-encoding': encoding }).end(bomb));
    const before = process.memoryUsage().arrayBuffers;
    await expect(fetchOf()(site.origin)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  test('what is compressed is unpacked; what is broken or in several wrappings fails', async () => {
    const site = await serve((request, response) => {
      if (request.url === '/twice') return void response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(gzipSync(gzipSync('x')));
      const body = gzipSync('plain text');
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(request.url === '/broken' ? Buffer.from('no gzip at all') : body);
    });
    expect((await fetchOf()(site.origin)).text()).toBe('plain text');
    await expect(fetchOf()(`${site.origin}/broken`)).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
    await expect(fetchOf()(`${site.origin}/twice`)).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
  });

  test.each(['/silent', '/dripping', '/dripping-body'])('a server that is %s is left after the time for a request', async (path) => {
    const timers: NodeJS.Timeout[] = [];
    const site = await serve((request, response) => {
      if (request.url === '/dripping') timers.push(setInterval(() => response.socket?.write('x'), 20));
      if (request.url === '/dripping-body') timers.push(setInterval(() => response.write('x'), 20));
    });
    await expect(fetchOf({ limits: { timeoutMs: 200, attempts: 1 } })(site.origin + path)).rejects.toMatchObject({ code: expect.stringMatching(/TIMED_OUT|BAD_RESPONSE/) });
    timers.forEach(clearInterval);
  });

  test('five redirects are followed, the sixth is not', async () => {
    const site = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('there');
      else response.writeHead(307, { location: `/${left - 1}` }).end();
    });
    expect((await fetchOf()(`${site.origin}/5`)).url.pathname).toBe('/0');
    await expect(fetchOf()(`${site.origin}/6`)).rejects.toMatchObject({ code: 'TOO_MANY_REDIRECTS' });
  });

  test('stopping ends a request and a wait at once, with its own reason', async () => {
    const stop = new AbortController();
    const site = await serve((request, response) => {
      if (request.url === '/limited') response.writeHead(429, { 'retry-after': '30' }).end();
      setTimeout(() => stop.abort(new Error('stopping')), 20);
    });
    for (const path of ['/hangs', '/limited']) {
      await expect(fetchOf({ signal: stop.signal })(site.origin + path)).rejects.toThrow('stopping');
    }
  });
});

describe('what it sends', () => {
  test('who asks, and no authorization or cookie to another origin', async () => {
    const other = await serve((_, response) => void response.end('done'), '127.0.0.2');
    const site = await serve((_, response) => void response.writeHead(302, { location: other.origin, 'set-cookie': 'a=1' }).end());
    await fetchOf()(site.origin, { headers: { Authorization: 'Bearer secret', Cookie: 'b=2', 'X-Api-Key': 'secret', Accept: 'text/html' } });
    expect(site.requests[0]?.headers).toMatchObject({ authorization: 'Bearer secret', 'user-agent': 'Outrider/test (+https://outreach.example.org)' });
    expect(other.requests[0]?.headers).toMatchObject({ accept: 'text/html', 'user-agent': expect.stringContaining('Outrider') });
    expect(Object.keys(other.requests[0]!.headers).filter((name) => /authorization|cookie|key/.test(name))).toEqual([]);
  });
});

describe('when an answer fails', () => {
  test('a server error and a broken connection are tried again, each attempt is recorded', async () => {
    let count = 0;
    const site = await serve((request, response) => {
      count += 1;
      if (count === 1) response.writeHead(500).end('oops');
      else if (count === 2) request.socket.destroy();
      else response.end('{"fine": true}');
    });
    const fetch = fetchOf();
    expect((await fetch(site.origin)).json()).toEqual({ fine: true });
    expect(fetch.recorded.map(({ status, error }) => [status, error === null])).toEqual([[500, false], [null, false], [200, true]]);
  });

  test('attempts are bounded, and end with what was wrong', async () => {
    const site = await serve((_, response) => void response.writeHead(503).end('down for repair'));
    await expect(fetchOf({ limits: { attempts: 3 } })(site.origin)).rejects.toMatchObject({ code: 'HTTP_STATUS', status: 503, body: 'down for repair' });
    expect(site.requests).toHaveLength(3);
  });

  test('what asks for nothing else is not tried again', async () => {
    const site = await serve((_, response) => void response.writeHead(404).end());
    await expect(fetchOf()(site.origin)).rejects.toMatchObject({ code: 'HTTP_STATUS', status: 404 });
    expect((await fetchOf()(site.origin, { accept: (status) => status === 404 })).status).toBe(404);
    expect(site.requests).toHaveLength(2);
  });

  test('a host that does not exist is said so', async () => {
    await expect(fetchOf()('https://nowhere.example/')).rejects.toMatchObject({ code: 'HOST_NOT_FOUND' });
  });

  test('Retry-After is waited for; what asks for too long fails and says when', async () => {
    const at: number[] = [];
    const site = await serve((request, response) => {
      at.push(Date.now());
      if (request.url === '/long') response.writeHead(429, { 'retry-after': '7200' }).end();
      else if (at.length === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      else response.end('now');
    });
    expect((await fetchOf()(site.origin)).text()).toBe('now');
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(990);
    await expect(fetchOf()(`${site.origin}/long`)).rejects.toMatchObject({ code: 'RATE_LIMITED', message: expect.stringContaining('120 minutes') });
  });

  test('after the last request of a window the next one waits for the new window', async () => {
    const at: number[] = [];
    const site = await serve((_, response) => {
      at.push(Date.now());
      response.writeHead(200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }).end('ok');
    });
    const fetch = fetchOf();
    await fetch(site.origin);
    await fetch(`${site.origin}/second`);
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(950);
  });
});
