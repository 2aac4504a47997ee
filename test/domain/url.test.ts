import { parseUrl } from '../../src/domain/url.ts';

describe('a link is refused', () => {
  test.each([
    ['javascript:alert(1)', 'starts with javascript:, and only http and https links are taken'],
    ['JavaScript://a.example/%0aalert(1)', 'starts with javascript:'],
    ['data:text/html,x', 'starts with data:'],
    ['ftp://a.example', 'starts with ftp:'],
    ['mailto:a@b.example', 'starts with mailto:'],
    ['https://user:pass@a.example', 'contains a user name or password'],
    ['https://user@a.example', 'contains a user name or password'],
    ['https://a.example/a b', 'contains a space or a control character'],
    ['https://a.example/\u200b', 'contains a space or a control character'],
    ['java\nscript:alert(1)', 'contains a space or a control character'],
    ['https://a.example/\0', 'contains a NUL character'],
    ['https://a.example/\ud800', 'contains half of a surrogate pair'],
    ['https:a.example', 'is not a URL'],
    ['https:///a.example', 'is not a URL'],
    ['https://\\a.example', 'is not a URL'],
    ['https://a.example:99999', 'is not a URL'],
    ['word', 'is not a URL'],
    ['', 'is not a URL'],
    [`https://a.example/${'x'.repeat(3000)}`, 'is longer than 2048 characters'],
  ])('%j', (text, message) => {
    expect(() => parseUrl(text)).toThrow(message);
  });
});

describe('a link is taken', () => {
  test.each([
    [' https://A.example/Path#x ', 'https://a.example/Path'],
    ['//a.example/x', 'https://a.example/x'],
    ['a.example:8080/x', 'https://a.example:8080/x'],
    ['https://b\u00fccher.example', 'https://xn--bcher-kva.example/'],
    ['http://127.0.0.1/', 'http://127.0.0.1/'],
    ['https://a.example/\u00e9?q=\u00e9', 'https://a.example/%C3%A9?q=%C3%A9'],
  ])('%j as %s', (text, expected) => {
    expect(parseUrl(text).href).toBe(expected);
  });
});
