import { platformOf } from '../../src/domain/canonicalKey.ts';
import { Platform } from '../../src/domain/enums.ts';
import { handleOfProfileUrl, profileUrlOfHandle } from '../../src/domain/handle.ts';

const handleOf = (url: string, platform?: Platform) => handleOfProfileUrl(platform ?? platformOf(new URL(url)), new URL(url));

test.each([
  ['https://www.linkedin.com/in/Ada-L/', 'Ada-L'],
  ['https://de.linkedin.com/in/j%C3%B6rg-m', 'jörg-m'],
  ['https://www.linkedin.com/company/acme', 'company/acme'],
  ['https://www.instagram.com/ada.l/', 'ada.l'],
  ['https://www.tiktok.com/@ada', 'ada'],
  ['https://twitter.com/ada', 'ada'],
  ['https://www.youtube.com/@home', 'home'],
  ['https://bsky.app/profile/ada.bsky.social', 'ada.bsky.social'],
  ['https://github.com/pali', 'pali'],
  ['https://facebook.com/ada.l', 'ada.l'],
])('%s is the profile of %s', (url, handle) => {
  expect(handleOf(url)).toBe(handle);
  const made = profileUrlOfHandle(platformOf(new URL(url)), handle);
  expect(made && handleOf(made.href)).toBe(handle);
});

test('of Mastodon the handle has its server, also when its name is that of a page elsewhere', () => {
  expect(handleOf('https://mastodon.social/@explore', Platform.MASTODON)).toBe('explore@mastodon.social');
  expect(handleOf('https://mastodon.social/@ada@elsewhere.example', Platform.MASTODON)).toBeNull();
});

test.each([
  'https://www.linkedin.com/sales/lead/ACw,NAME_SEARCH,x', 'https://www.linkedin.com/feed/', 'https://www.instagram.com/explore/', 'https://www.instagram.com/p/abc/',
  'https://www.facebook.com/profile.php?id=7', 'https://x.com/search', 'https://x.com/ada/status/1', 'https://github.com/pali/igmpproxy', 'https://github.com/topics',
  'https://bsky.app/profile/did:plc:abc', 'https://www.youtube.com/watch?v=1', 'https://example.org/ada', 'https://www.instagram.com/%E0%A4%A/',
])('%s is no profile', (url) => {
  expect(handleOf(url)).toBeNull();
});
