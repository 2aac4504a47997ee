import { expect, test } from '@jest/globals';
import { readEnvironment } from '../../src/config/environment.ts';
import { clientAddress, hostOf, isSecure, networkOf } from '../../src/http/clientAddress.ts';

const request = (remoteAddress: string | undefined, headers: Record<string, string> = {}) => ({ headers, socket: { remoteAddress } }) as never;
const trust = (text?: string) => readEnvironment({ ...(text === undefined ? {} : { TRUST_PROXY: text }) }).trustProxy;
const forwarded = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'outreach.example' };

test.each<[string, string | undefined, string | undefined, Record<string, string>, string]>([
  ['nobody is believed unless told', undefined, '10.0.0.1', forwarded, '10.0.0.1'],
  ['one proxy is believed about one hop', '1', '10.0.0.1', forwarded, '198.51.100.7'],
  ['two proxies about two', '2', '10.0.0.1', forwarded, '203.0.113.9'],
  ['a proxy of the network', '10.0.0.0/8', '10.0.0.1', forwarded, '198.51.100.7'],
  ['a proxy of another network is a client', '192.168.0.0/16', '10.0.0.1', forwarded, '10.0.0.1'],
  ['an address by itself', '10.0.0.1, 198.51.100.7', '10.0.0.1', forwarded, '203.0.113.9'],
  ['an IPv4 address in IPv6', '10.0.0.1', '::ffff:10.0.0.1', { 'x-forwarded-for': '::ffff:203.0.113.9' }, '203.0.113.9'],
  ['what is no address is not taken for one', '1', '10.0.0.1', { 'x-forwarded-for': 'select 1' }, '10.0.0.1'],
  ['a connection that is gone', undefined, undefined, {}, 'unknown'],
])('%s', (_what, setting, remote, headers, expected) => {
  expect(clientAddress(request(remote, headers), trust(setting))).toBe(expected);
});

test('scheme and host are those of the client only where the proxy is believed', () => {
  const asked = request('10.0.0.1', { host: 'inside:4000', ...forwarded });
  expect([isSecure(asked, trust('1')), hostOf(asked, trust('1'))]).toEqual([true, 'outreach.example']);
  expect([isSecure(asked, trust()), hostOf(asked, trust())]).toEqual([false, 'inside:4000']);
  expect(isSecure(request('10.0.0.1', { 'x-forwarded-proto': 'http' }), trust('1'))).toBe(false);
});

test('who has one IPv6 address has its network', () => {
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:db8:1:2::1'));
  expect(networkOf('2001:db8:1:3::1')).not.toBe(networkOf('2001:db8:1:2::1'));
  expect(networkOf('203.0.113.9')).toBe('203.0.113.9');
});

test.each(['yes', 'true', '10.0.0.0/99', '-1', 'proxy.example'])('TRUST_PROXY=%s is refused with what it must look like', (value) => {
  expect(() => trust(value)).toThrow(/Set TRUST_PROXY to another value: must be the number of proxies/);
});
