import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';

const program = fileURLToPath(new URL('ownInternet.ts', import.meta.url));
const register = fileURLToPath(new URL('../support/typescript.mjs', import.meta.url));

/** Linux lets root, and most users in a namespace of theirs, have a network of their own. */
const unshare = [['--net'], ['--user', '--map-root-user', '--net']].find((flags) => spawnSync('unshare', [...flags, 'ip', 'link', 'set', 'lo', 'up']).status === 0);
if (!unshare) console.warn('Packets are not counted: there is no unshare or no ip here, or no right to a network of one’s own. test/network/requestPublic.test.ts counts connections.');

const network = 'ip link set lo up && ip route add local default dev lo && ip -6 route add local default dev lo && exec "$@"';

interface Counted {
  packets: number;
  dialled: string[];
  result: string[];
}

function run(variables: Record<string, string> = {}): Record<string, Counted> & { urls: number & Counted } {
  const output = execFileSync('unshare', [...unshare!, 'sh', '-ec', network, 'sh', process.execPath, '--no-warnings', '--import', register, program], { env: { ...process.env, ...variables }, encoding: 'utf8', timeout: 100_000 });
  return JSON.parse(output);
}

const proxy = 'http://127.0.0.1:8080';
const proxies = { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy, ALL_PROXY: proxy, NO_PROXY: '', NODE_USE_ENV_PROXY: '1' };

(unshare ? describe : describe.skip).each([['as it is', {}], ['with proxies in the environment', proxies]])('in a network where every address leads to a trap, %s', (_, variables) => {
  let counted: ReturnType<typeof run>;
  beforeAll(() => {
    counted = run(variables);
  });

  test('the trap counts: nothing where nothing happens, packets of what is allowed or public', () => {
    expect(counted['idle']).toMatchObject({ packets: 0, dialled: [] });
    expect(counted['allowed']!.result).toEqual(['reached']);
    expect(counted['allowed']!.dialled).toEqual(['127.0.0.1 8080', '10.0.0.1 8080', '169.254.169.254 8080', 'fc00::1 8080', '64:ff9b::7f00:1 8080']);
    // A handshake alone has three.
    expect(counted['allowed']!.packets).toBeGreaterThanOrEqual(15);
    expect(counted['public']!.dialled).toEqual(['93.184.216.34 80', '2606:4700::1111 80']);
  });

  test.each([['requests', 'AddressRefusedError'], ['fetches', 'ADDRESS_REFUSED'], ['webhooks', 'refused']])('%s to any way of writing an address inside send no packet', (name, result) => {
    expect(counted.urls).toBeGreaterThan(250);
    expect(counted[name]).toEqual({ packets: 0, dialled: [], result: [result] });
  });

  test('names that resolve there send no packet', () => {
    expect(counted['names']).toEqual({ packets: 0, dialled: [], result: ['AddressRefusedError,refused,ADDRESS_REFUSED'] });
  });

  test('of several addresses of a name only the public one is dialled', () => {
    expect(counted['mixed']!.result).toEqual(['reached']);
    expect(new Set(counted['mixed']!.dialled)).toEqual(new Set(['93.184.216.34 80']));
  });

  test('a name that leads inside the second time is dialled once, where it led the first time', () => {
    expect(counted['rebound']!.result).toEqual(['reached,AddressRefusedError']);
    expect(new Set(counted['rebound']!.dialled)).toEqual(new Set(['93.184.216.34 80']));
  });

  test('redirects to anywhere inside, and to other protocols, end at the server that they came from', () => {
    expect(counted['redirects']!.result).toEqual(['ADDRESS_REFUSED']);
    expect(new Set(counted['redirects']!.dialled)).toEqual(new Set(['93.184.216.34 80']));
  });

  test('what a server offers besides its answer (Alt-Svc, Refresh, Link) is not followed', () => {
    expect(counted['offers']).toMatchObject({ result: ['reached'], dialled: ['93.184.216.34 80', '93.184.216.34 80', '93.184.216.34 80'] });
  });
});
