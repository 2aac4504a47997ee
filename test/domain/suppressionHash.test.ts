import { SuppressionKind } from '../../src/domain/enums.ts';
import { domainsOf, suppressionHashes } from '../../src/domain/suppressionHash.ts';

test.each([
  ['example.org', ['example.org']],
  ['a.b.example.co.uk', ['a.b.example.co.uk', 'b.example.co.uk', 'example.co.uk']],
  ['me.github.io', ['me.github.io', 'github.io']],
  ['co.uk', ['co.uk']],
  ['mail.internal', ['mail.internal']],
  ['xn--mnchen-3ya.de', ['xn--mnchen-3ya.de']],
])('%s can be suppressed by %j', (host, domains) => {
  expect(domainsOf(host)).toEqual(domains);
});

test('a hash is of the kind and the value, one for each key, the first key first', () => {
  const [first, second] = suppressionHashes(['key one', 'key two'], SuppressionKind.EMAIL, 'a@b.example');
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(first).not.toBe(second);
  expect(suppressionHashes(['key one'], SuppressionKind.EMAIL, 'a@b.example')).toEqual([first]);
  expect(suppressionHashes(['key one'], SuppressionKind.HANDLE, 'a@b.example')).not.toEqual([first]);
});

test('without a key it says what to set', () => {
  expect(() => suppressionHashes([], SuppressionKind.EMAIL, 'a@b.example')).toThrow('SECRET_KEY');
});
