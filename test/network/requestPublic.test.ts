import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isPublicAddress } from '../../src/network/publicAddress.ts';
import { AddressRefusedError, requestPublic } from '../../src/network/requestPublic.ts';
import { createFetch } from '../../src/discovery/fetch/createFetch.ts';
import { postDelivery } from '../../src/services/webhooks/postDelivery.ts';
import { WebhookEvent } from '../../src/domain/enums.ts';
import { lookupOf } from '../discovery/support.ts';
import { hosts, tricks } from './insideHosts.ts';
import { setTrap, type Trap } from './trap.ts';

let trap: Trap;
beforeAll(async () => {
  trap = await setTrap();
});
beforeEach(() => {
  trap.reached.connections = 0;
  trap.reached.bytes = 0;
});
afterAll(() => trap.close());

const signal = () => AbortSignal.timeout(5_000);
const request = (url: URL, lookup = lookupOf({}), allowedHosts: string[] = []) => requestPublic(url, { headers: {}, allowedHosts, ports: 'unprivileged', lookup, signal: signal() }).then((response) => void response.destroy());
const fetchOf = (lookup = lookupOf({})) => createFetch({ userAgent: 'Outrider/test', allowedHosts: [], lookup, signal: signal(), limits: { attempts: 1 } });
const delivery = (url: string) => ({ id: '', webhookId: '', url, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', eventId: 'event', event: WebhookEvent.JOB_FINISHED, payload: {}, at: 0, attempts: 1 });
const post = (url: string, lookup = lookupOf({})) => postDelivery(delivery(url), { timeoutMs: 20_000, signal: signal(), allowedHosts: [], lookup });

/** The parser's own refusals never get to a request. */
const parsed = (text: string) => URL.parse(text.replace('PORT', String(trap.port)));

test('the trap counts whoever gets to it, by each way that this machine has', async () => {
  const reachable = ['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0', '[::1]', '[::ffff:127.0.0.1]', '１２７.０.０.１'];
  for (const host of reachable) {
    const url = parsed(`http://${host}:PORT/`)!;
    await request(url, lookupOf({}), [url.hostname]);
  }
  await request(parsed('http://innocent.example:PORT/')!, lookupOf({ 'innocent.example': '127.0.0.1' }), ['innocent.example']);
  expect(trap.reached.connections).toBe(reachable.length + 1);
  expect(trap.reached.bytes).toBeGreaterThan(trap.reached.connections * 20);
});

describe('nothing is sent to', () => {
  test('any way of writing an address inside: not a connection, not a byte, not a question to DNS', async () => {
    const lookup = lookupOf(Object.fromEntries(hosts.map((host) => [parsed(`http://${host}/`)?.hostname ?? '', '127.0.0.1'])));
    for (const text of [...hosts.map((host) => `http://${host}:PORT/`), ...hosts.map((host) => `https://${host}:PORT/`), ...tricks]) {
      const url = parsed(text);
      if (!url) continue;
      expect([text, await request(url, lookup).catch((error: Error) => error.name)]).toEqual([text, AddressRefusedError.name]);
      // Discovery knows the usual ports only: what it refuses there is the address.
      expect([text, await fetchOf(lookup)(Object.assign(new URL(url), { port: '' })).catch(({ code }) => code)]).toEqual([text, 'ADDRESS_REFUSED']);
      expect([text, (await post(url.href, lookup)).error]).toEqual([text, expect.stringContaining('WEBHOOK_ALLOWED_HOSTS')]);
    }
    expect(trap.reached).toEqual({ connections: 0, bytes: 0 });
    expect(lookup.asked).toEqual([]);
  });

  test('names that resolve there, alone or behind another name, whichever family is asked for', async () => {
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '0.0.0.0', '::', '10.0.0.1', '169.254.169.254', 'fe80::1%lo', 'fd00:ec2::254', '64:ff9b::7f00:1', '2002:7f00:1::', '', 'localhost', '127.1']) {
      const table = { 'innocent.example': [[address]] };
      const url = parsed('http://innocent.example:PORT/')!;
      await expect(request(url, lookupOf(table))).rejects.toThrow(AddressRefusedError);
      expect(await fetchOf(lookupOf(table))('http://innocent.example/').catch(({ code }) => code)).toBe('ADDRESS_REFUSED');
      expect((await post(url.href, lookupOf(table))).error).toContain('which is not public');
    }
    expect(trap.reached).toEqual({ connections: 0, bytes: 0 });
  });

  test('a name that answers otherwise the second time: each connection goes where its own answer was checked', async () => {
    const url = parsed('http://rebind.example:PORT/')!;
    const lookup = lookupOf({ 'rebind.example': [['127.0.0.1'], ['::1'], ['10.0.0.1', '127.0.0.1']] });
    for (let attempt = 0; attempt < 3; attempt += 1) expect((await post(url.href, lookup)).error).toContain('which is not public');
    expect(lookup.asked).toEqual(['rebind.example', 'rebind.example', 'rebind.example']);
    expect(trap.reached).toEqual({ connections: 0, bytes: 0 });
  });

  test.each([22, 25, 53, 110, 445, 1_023])('port %i, where no web server listens', async (port) => {
    expect((await post(`http://example.org:${port}/`)).error).toContain('belongs to another service');
  });

  test('where a redirect of a webhook leads', async () => {
    const other = await setTrap();
    const redirecting = createServer((_, response) => void response.writeHead(307, { location: `http://127.0.0.1:${other.port}/` }).end()).listen(0, '127.0.0.1');
    await new Promise((resolve) => redirecting.once('listening', resolve));
    const { port } = redirecting.address() as AddressInfo;
    expect(await postDelivery(delivery(`http://127.0.0.1:${port}/`), { timeoutMs: 20_000, signal: signal(), allowedHosts: [`127.0.0.1:${port}`] })).toMatchObject({ status: 307 });
    expect(other.reached).toEqual({ connections: 0, bytes: 0 });
    redirecting.closeAllConnections();
    redirecting.close();
    await other.close();
  });
});

describe('which addresses are public', () => {
  test('none that embeds an IPv4 address, whichever it is', () => {
    fc.assert(fc.property(fc.ipV4(), fc.constantFrom('::ffff:', '::', '64:ff9b::', '64:ff9b:1::', '::ffff:0:'), (address, prefix) => {
      expect(isPublicAddress(`${prefix}${address}`)).toBe(false);
    }), { numRuns: 300 });
  });

  test('none of IPv6 outside of 2000::/3', () => {
    fc.assert(fc.property(fc.ipV6().filter((address) => !/^[23][0-9a-f]{3}:/i.test(address)), (address) => {
      expect(isPublicAddress(address)).toBe(false);
    }), { numRuns: 300 });
  });

  test('none that is no address in full: what else a resolver may say', () => {
    for (const text of ['', 'localhost', '127.1', '0x7f.1', '2130706433', '1.1.1.1 ', '1.1.1', '01.1.1.1', '1.1.1.1/8', 'fe80::1%lo', '2606:4700::1%lo']) expect([text, isPublicAddress(text)]).toEqual([text, false]);
  });

  test.each(['1.1.1.1', '8.8.8.8', '93.184.216.34', '172.15.255.255', '172.32.0.1', '100.63.255.255', '100.128.0.1', '126.255.255.255', '128.0.0.1', '169.253.255.255', '223.255.255.255', '2606:4700:4700::1111', '2a00:1450:4001:80b::200e'])('%s is', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});
