import { keyOfUrl, platformOf } from '../../src/domain/canonicalKey.ts';
import { Platform } from '../../src/domain/enums.ts';
import { profileUrlOfHandle } from '../../src/domain/handle.ts';
import { parseUrl } from '../../src/domain/url.ts';

const keyOfHandle = (platform: Platform, handle: string) => keyOfUrl(profileUrlOfHandle(platform, handle) as URL, platform);
const key = (url: string, platform = Platform.WEBSITE) => keyOfUrl(parseUrl(url), platform);

describe('one prospect has one key, however its address is written', () => {
  test.each([
    ['scheme', 'http://a.example/x', 'https://a.example/x'],
    ['www.', 'https://www.a.example/x', 'https://a.example/x'],
    ['trailing slash', 'https://a.example/x/', 'https://a.example/x'],
    ['trailing slash of the host', 'https://a.example/', 'https://a.example'],
    ['trailing slash before parameters', 'https://a.example/x/?p=1', 'https://a.example/x?p=1'],
    ['fragment', 'https://a.example/x#top', 'https://a.example/x'],
    ['tracking parameters', 'https://a.example/x?utm_source=n&fbclid=1&p=1&gclid=2', 'https://a.example/x?p=1'],
    ['case of the host', 'https://A.Example/x', 'https://a.example/x'],
    ['a dot that ends the host', 'https://a.example./x', 'https://a.example/x'],
    ['the default port', 'https://a.example:443/x', 'https://a.example/x'],
    ['punycode', 'https://b\u00fccher.example', 'https://xn--bcher-kva.example'],
    ['no scheme', 'a.example/x', 'https://a.example/x'],
    ['LinkedIn', 'https://www.LinkedIn.com/in/Ada-L/?x=1', 'linkedin.com/in/ada-l'],
    ['a country of LinkedIn', 'https://uk.linkedin.com/in/ada-l', 'https://linkedin.com/in/ada-l'],
    ['Twitter', 'https://mobile.twitter.com/Ada', 'https://x.com/ada'],
    ['GitHub', 'https://github.com/Ada/Engine?tab=readme', 'https://github.com/ada/engine'],
    ['a handle of YouTube', 'https://m.youtube.com/@Ada', 'https://www.youtube.com/@ada'],
  ])('%s', (_, one, other) => {
    expect(key(one)).toBe(key(other));
  });
});

describe('what tells two pages apart stays', () => {
  test.each([
    ['letter case in paths', 'https://math.example/~d/jsMath', 'https://math.example/~d/jsmath'],
    ['parameters', 'https://a.example/?p=1', 'https://a.example/?p=2'],
    ['a port', 'https://a.example:8443/', 'https://a.example/'],
    ['a profile of Facebook by number', 'https://facebook.com/profile.php?id=1', 'https://facebook.com/profile.php?id=2'],
    ['letter case in the code of a post on Instagram', 'https://instagram.com/p/AbC', 'https://instagram.com/p/abc'],
    ['letter case in the id of a channel', 'https://youtube.com/channel/UCa', 'https://youtube.com/channel/UCA'],
    ['letter case of files on GitHub', 'https://github.com/a/b/blob/main/README', 'https://github.com/a/b/blob/main/readme'],
    ['a host that begins with www without being one', 'https://www.example/', 'https://example.example/'],
  ])('%s', (_, one, other) => {
    expect(key(one)).not.toBe(key(other));
  });
});

describe('a platform and a handle make the URL of the profile', () => {
  test.each([
    [Platform.LINKEDIN, '@Ada-L', 'linkedin.com/in/ada-l'],
    [Platform.LINKEDIN, 'company/Engines', 'linkedin.com/company/engines'],
    [Platform.INSTAGRAM, 'Ada.L', 'instagram.com/ada.l'],
    [Platform.FACEBOOK, 'ada.l', 'facebook.com/ada.l'],
    [Platform.TIKTOK, '@Ada', 'tiktok.com/@ada'],
    [Platform.X, '@Ada', 'x.com/ada'],
    [Platform.YOUTUBE, '@Ada', 'youtube.com/@ada'],
    [Platform.BLUESKY, 'ada', 'bsky.app/profile/ada.bsky.social'],
    [Platform.BLUESKY, '@Ada.example', 'bsky.app/profile/ada.example'],
    [Platform.MASTODON, '@Ada@hachyderm.example', 'hachyderm.example/@ada'],
    [Platform.GITHUB, 'Ada', 'github.com/ada'],
    [Platform.GITLAB, 'group/Ada', 'gitlab.com/group/ada'],
  ])('%s %s', (platform, username, expected) => {
    expect(keyOfHandle(platform, username)).toBe(expected);
  });

  test('and it meets the URL when that is given', () => {
    expect(keyOfHandle(Platform.LINKEDIN, '@ada-l')).toBe(key('https://www.LinkedIn.com/in/Ada-L/?x=1'));
  });

  test('what cannot be a handle is refused', () => {
    expect(() => keyOfHandle(Platform.X, 'Ada Lovelace')).toThrow('is not a handle of x');
    expect(() => keyOfHandle(Platform.MASTODON, 'ada')).toThrow('is not a handle of mastodon');
  });
});

test('a platform of no known form has no URL for a handle', () => {
  expect(profileUrlOfHandle(Platform.OTHER, 'ada')).toBeNull();
});

test('a platform is known by its host', () => {
  expect(platformOf(parseUrl('https://www.twitter.com/ada'))).toBe(Platform.X);
  expect(platformOf(parseUrl('https://notgithub.com/ada'))).toBe(Platform.WEBSITE);
  expect(platformOf(parseUrl('https://github.com.evil.example/ada'))).toBe(Platform.WEBSITE);
});

test('a key of more than 2048 characters is refused', () => {
  expect(() => key(`https://a.example/${'x'.repeat(2040)}`)).toThrow('longer than 2048');
});
