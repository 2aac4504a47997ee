import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import { createFetch } from '../../src/discovery/fetch/createFetch.ts';
import { WebhookEvent } from '../../src/domain/enums.ts';
import { requestPublic } from '../../src/network/requestPublic.ts';
import { postDelivery } from '../../src/services/webhooks/postDelivery.ts';
import { lookupOf } from '../discovery/support.ts';
import { hosts, tricks } from './insideHosts.ts';

/**
 * Runs in a network of its own in which every address there is leads to this process: whatever the program sends anywhere
 * is counted by the kernel, packet for packet, and its destination is known. Prints what was counted, as JSON.
 */

/** What its interface has received since the network began; nobody else is in it. */
const packets = (): number => Number(/^\s*lo:\s*\d+\s+(\d+)/m.exec(readFileSync('/proc/net/dev', 'utf8'))![1]);

/** "address port" of each connection, as its caller dialled */
const dialled: string[] = [];
const plain = (address: string) => address.replace(/^::ffff:/, '');

/** On a public address: leads wherever its path says, and offers other ways to reach it. */
const answer = (path: string, response: ServerResponse): void => {
  const to = new URL(path, 'http://x').searchParams.get('to');
  response.setHeader('alt-svc', 'h2="127.0.0.1:443"; ma=86400, h3="127.0.0.1:443"');
  if (to !== null) response.writeHead(302, { location: to }).end();
  else response.writeHead(200, { refresh: '0;url=http://127.0.0.1/', link: '<http://127.0.0.1/>; rel=preload' }).end('done');
};

async function listen(port: number): Promise<void> {
  const server = createServer((request, response) => answer(request.url ?? '/', response));
  server.on('connection', (socket) => dialled.push(`${plain(socket.localAddress ?? '')} ${port}`));
  server.on('connect', (_, socket) => socket.destroy());
  server.listen(port, '::');
  await once(server, 'listening');
}

async function listenForTls(): Promise<void> {
  const server = createSocketServer((socket) => {
    dialled.push(`${plain(socket.localAddress ?? '')} 443`);
    socket.on('error', () => {}).destroy();
  });
  server.listen(443, '::');
  await once(server, 'listening');
}

const signal = () => AbortSignal.timeout(5_000);
const settled = (work: Promise<unknown>) => work.then(() => 'reached', (error: Error & { code?: string }) => error.code ?? error.name);
const request = (url: URL, lookup = lookupOf({}), allowedHosts: string[] = []) => settled(requestPublic(url, { headers: {}, allowedHosts, ports: 'unprivileged', lookup, signal: signal() }).then((response) => response.destroy()));
const fetchOf = (lookup = lookupOf({}), allowedHosts: string[] = []) => createFetch({ userAgent: 'Outrider/test', allowedHosts, lookup, signal: signal(), limits: { attempts: 1 } });
const post = async (url: string, lookup = lookupOf({})) => {
  const delivery = { id: '', webhookId: '', url, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', eventId: 'event', event: WebhookEvent.JOB_FINISHED, payload: {}, at: 0, attempts: 1 };
  const { error } = await postDelivery(delivery, { timeoutMs: 20_000, signal: signal(), allowedHosts: [], lookup });
  return error?.includes('WEBHOOK_ALLOWED_HOSTS') ? 'refused' : 'reached';
};

/** What was counted while something ran. */
async function counted<T>(run: () => Promise<T>): Promise<{ packets: number; dialled: string[]; result: T }> {
  const before = packets();
  dialled.length = 0;
  const result = await run();
  return { packets: packets() - before, dialled: [...dialled], result };
}

/** Addresses of networks inside, as a name may resolve to. */
const inside = ['127.0.0.1', '127.255.255.254', '0.0.0.0', '10.0.0.1', '172.16.0.1', '192.168.0.1', '169.254.169.254', '100.64.0.1', '198.18.0.1', '192.0.2.1', '198.51.100.1', '203.0.113.1', '168.63.129.16', '::1', '::', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '64:ff9b::7f00:1', '64:ff9b:1::a00:1', '2002:7f00:1::', 'fe80::1', 'fe80::1%lo', 'fc00::1', 'fd00:ec2::254', '2001:db8::1'];
const open = '93.184.216.34';
const each = async <T>(items: readonly T[], run: (item: T) => Promise<unknown>) => {
  const results: unknown[] = [];
  for (const item of items) results.push(await run(item));
  return [...new Set(results)];
};

await listen(80);
await listen(8_080);
await listenForTls();
const urls = [...hosts.flatMap((host) => [`http://${host}/`, `https://${host}/`, `http://${host}:8080/`]), ...tricks.map((text) => text.replace('PORT', '80'))]
  .map((text) => URL.parse(text)).filter((url) => url !== null);

const counts = {
  urls: urls.length,
  idle: await counted(() => new Promise((resolve) => { setTimeout(resolve, 100); })),
  // That it counts, and reaches whatever is not kept from it.
  allowed: await counted(() => each(['127.0.0.1', '10.0.0.1', '169.254.169.254', '[fc00::1]', '[64:ff9b::7f00:1]'], (host) => request(new URL(`http://${host}:8080/`), undefined, [host]))),
  public: await counted(() => each(['http://93.184.216.34/', 'http://[2606:4700::1111]/'], (url) => request(new URL(url)))),
  requests: await counted(() => each(urls, (url) => request(url))),
  fetches: await counted(() => each(urls, (url) => settled(fetchOf()(url)))),
  webhooks: await counted(() => each(urls, (url) => post(url.href))),
  names: await counted(() => each(inside, async (address) => [await request(new URL('http://name.example/'), lookupOf({ 'name.example': [[address]] })), await post('http://name.example/', lookupOf({ 'name.example': [[address]] })), await settled(fetchOf(lookupOf({ 'name.example': [[address]] }))('http://name.example/'))].join())),
  // Of several answers of one resolution only the public one is dialled.
  mixed: await counted(() => each(inside, (address) => request(new URL('http://mixed.example/'), lookupOf({ 'mixed.example': [[address, open]] })))),
  // The first resolution is public, every later one inside; a second request asks anew.
  rebound: await counted(() => each(inside, async (address) => {
    const lookup = lookupOf({ 'rebound.example': [[open], [address]] });
    return [await request(new URL('http://rebound.example/'), lookup), await request(new URL('http://rebound.example/'), lookup)].join();
  })),
  redirects: await counted(() => each([...urls.map(({ href }) => href), 'ftp://10.0.0.1/', 'gopher://127.0.0.1:70/_x', 'file:///etc/passwd', 'data:text/html,x', '//127.0.0.1/', '\\\\127.0.0.1\\', 'http://name.example/', 'https://name.example:443/'],
    (to) => settled(fetchOf(lookupOf({ 'name.example': '10.0.0.1' }))(`http://${open}/?to=${encodeURIComponent(to)}`)))),
  // What an answer says about other ways to its server, or about what to read next, is not followed.
  offers: await counted(() => each([1, 2, 3], () => settled(fetchOf()(`http://${open}/`)))),
};
process.stdout.write(JSON.stringify(counts), () => process.exit(0));
