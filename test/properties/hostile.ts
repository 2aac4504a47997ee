import fc, { type Arbitrary } from 'fast-check';

/** Texts that have broken programs: encodings, spellings, other languages that a text may be taken for, and length. */
export const hostileTexts: readonly string[] = [
  '', ' ', '\t\r\n', '\u00a0', '\u200b', '\ufeff', '\0', 'a\0b', '\u0001', '\u007f', '\u0085', '\ud800', 'a\udc00b', '\udc00\ud800', '\ufffe\uffff', '\u{10ffff}',
  '\u202eevil', 'a\u2066b\u2069', '\u200fא', 'e\u0301', '\u00e9', '\u1112\u1161\u11ab', '\ud55c', 'ﬁ', 'İ', 'ß', 'Ⅷ', '👩‍👩‍👧‍👦', 'Z̷̡̛a̶l̸g̵o̶',
  "'", '"', '`', '\\', "' or 1=1 --", '$1', '%', '_', '\\%', '%%%___', '*', '(a+)+$', '^(([a-z])+.)+$', '[', ':*', '& | ! <->', "'':*", '"unbalanced', '-', 'a:b:c',
  '{{', '{% for', '{{ displayName | append: ', '{% for i in (1..1000000000) %}x{% endfor %}', '{{ "x" | repeat: 1000000000 }}', "{% include '/etc/passwd' %}", '{{ constructor.constructor }}', '{{ __proto__ }}', '${7*7}', '<%= 7*7 %>',
  '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', 'NaN', 'true', '0', '-1', '1e309', '0x10', '{}', '[]', '{"__proto__":{"x":1}}',
  '=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', '<script>alert(1)</script>', '&lt;', 'a\r\nBcc: x@example.org', 'a\nb', 'a\u2028b', '../../etc/passwd', 'file:///etc/passwd', 'javascript:alert(1)', 'http://127.0.0.1/',
  '9999-12-31T23:59:59Z', '00:00', '24:00', '24:60', 'Etc/GMT+14', 'Europe/Berlin\0', 'xn--', '@', 'a@', '@a', '.', '..', '...',
  'x'.repeat(101), 'x'.repeat(501), 'é'.repeat(1_001), '👍'.repeat(600), 'x'.repeat(50_001), 'a,'.repeat(30_000), '('.repeat(10_000), '{{'.repeat(5_000), ' '.repeat(100_000), '\0'.repeat(200), 'a'.repeat(150_000),
];

/** Any sequence of UTF-16 units, halves of pairs among them. */
const anyUnits = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units));

export const hostileText: Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...hostileTexts) },
  { weight: 1, arbitrary: anyUnits },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...hostileTexts.filter((text) => text.length < 100)), fc.constantFrom(...hostileTexts.filter((text) => text.length < 100))).map(([a, b]) => `${a} ${b}`) },
);

const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Ids and cursors: whatever somebody may make of an opaque text, or of one that they have taken apart. */
export const hostileOpaque: Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: hostileText },
  { weight: 1, arbitrary: fc.constantFrom('Prospect', 'Draft', 'Job', 'JobFailure', 'constructor', '__proto__', 'Prospect\0').chain((type) => fc.oneof(fc.uuid(), hostileText).map((key) => Buffer.from(`${type}:${key}`).toString('base64url'))) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(1, 0, '1', null),
        fc.constantFrom('CREATED_AT:DESC', 'CREATED_AT:ASC', 'DISPLAY_NAME:ASC', 'FOLLOWER_COUNT:DESC', 'NAME:ASC', 'UPDATED_AT:DESC', '', null),
        fc.oneof(hostileText, fc.constantFrom<unknown>('2026-01-01 00:00:00+00', '0000-00-00 00:00:00+00', '2026-02-31 00:00:00+00', '9999-99-99 99:99:99+99', '2026-01-01 24:00:00+00', '2026-01-01 00:00:61+00', '0000-01-01 00:00:00+00', '2026-01-01 00:00:00+99', 'infinity', '-infinity', 2 ** 31, -(2 ** 31), 1.5, 1e308, {}, [], null, true)),
        fc.oneof(fc.uuid(), fc.uuid().map((id) => `${id}.999999999`), hostileText),
      )
      .map(cursorOf),
  },
  { weight: 1, arbitrary: fc.constantFrom(cursorOf({}), cursorOf([]), cursorOf(null), cursorOf([[[[]]]]), 'bnVsbA', 'W10', '====') },
);

export const hostileInt: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(-1, 0, 1, 100, 101, 1_000, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53, 1.5, -0, 1e308, '1', '', true, null, [], {}),
  fc.maxSafeInteger(),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
);

export const hostileFloat: Arbitrary<unknown> = fc.oneof(fc.constantFrom<unknown>(-1, 0, -0, 0.1, 1e-320, 1e308, -1e308, 1e21, 999_999.999_999_9, '1', null, {}), fc.double({ noNaN: true, noDefaultInfinity: true }));

export const hostileDate: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    '0000-01-01T00:00:00Z', '0000-12-31T23:59:59-23:59', '0001-01-01T00:00:00Z', '0001-01-01T00:00:00+23:59', '9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59-00:01', '1582-10-10T00:00:00Z', '1900-02-29T00:00:00Z', '2024-02-29T00:00:00Z', '2023-02-29T00:00:00Z', '2026-12-31T23:59:60Z', '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:00.123456789Z', '2026-01-01T00:00:00+99:99', '2026-01-01T00:00:00+14:00', '2026-13-01T00:00:00Z', '2026-00-00T00:00:00Z', '+012026-01-01T00:00:00Z', '-000001-01-01T00:00:00Z', '2026-01-01', '2026-01-01 00:00:00', '2026-01-01T00:00:00', '２０２６-01-01T00:00:00Z', '2026-01-01t00:00:00z', '1969-12-31T23:59:59.999Z',
    'infinity', 'now', '', 0, 1e15, -1, true, null, {}, [],
  ),
  fc.date({ noInvalidDate: true, min: new Date(-8.64e15), max: new Date(8.64e15) }).map((date) => date.toISOString()),
  hostileText,
);

export const hostileUrl: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    'http://', 'https://', 'http:/example.org', 'http:example.org', '//example.org', 'HTTP://EXAMPLE.ORG', 'https://example.org.', 'https://example.org..', 'https://.', 'https://a@b', 'https://a:b@c.org', 'https://@example.org', 'https://example.org#f', 'https://example.org:0', 'https://example.org:65536', 'https://example.org:443/', 'https://exa mple.org', 'https://example.org/\r\nx: y', 'https://example.org/\t', 'https://example.org\\@evil.org', 'https://[::1]', 'https://[::1%25eth0]', 'https://127.1', 'https://0x7f.1', 'https://１２７.0.0.1', 'https://①②⑦.⓪.⓪.①',
    'https://münchen.example', 'https://xn--mnchen-3ya.example', 'https://xn--', 'https://a.b\u200bc.org', 'https://\u202eexample.org', 'https://ß.example', 'https://example.org/%00', 'https://example.org/%', 'https://example.org/\0', 'https://example.org/\ud800', 'https://example.org/é', 'https://example.org/e\u0301', 'javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'ftp://example.org', 'mailto:a@b.org', 'ws://example.org', 'view-source:http://a', 'blob:https://a',
    `https://example.org/${'a'.repeat(3_000)}`, `https://${'a.'.repeat(200)}org`, `https://${'a'.repeat(300)}.org`, `https://example.org/${'é'.repeat(1_500)}`, `https://example.org/?${'%'.repeat(2_000)}`, 1, null, {}, [],
  ),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  hostileText.map((text) => `https://example.org/${text}`),
  hostileText.map((text) => `https://${text}`),
  hostileText,
);

export const hostileEmail: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    'a@b', 'a@b.c', 'A@EXAMPLE.ORG', 'a@example.org.', 'a@@example.org', 'a b@example.org', '"a b"@example.org', 'a@[127.0.0.1]', 'a@127.0.0.1', '.a@example.org', 'a..b@example.org', 'a.@example.org', 'a@-example.org', 'a@example-.org', 'a@exa_mple.org', 'Ada <a@example.org>', 'mailto:a@example.org', 'a@example.org\r\nBcc: b@example.org', 'a@example.org,b@example.org', 'a@example.org;b@example.org', 'a\0@example.org', 'a@example.org\0', 'ä@example.org', 'a@münchen.example', 'a@xn--mnchen-3ya.example', "a'b@example.org", '%@example.org', '_@example.org', '`@example.org', '$1@example.org',
    `${'a'.repeat(64)}@example.org`, `${'a'.repeat(65)}@example.org`, `a@${'b'.repeat(63)}.org`, `a@${'b'.repeat(64)}.org`, `a@${'b.'.repeat(130)}org`, `${'a.'.repeat(40_000)}@example.org`, 1, null, {}, [],
  ),
  fc.emailAddress(),
  hostileText.map((text) => `${text}@example.org`),
  hostileText.map((text) => `a@${text}.org`),
  hostileText,
);

const nested = (depth: number, make: (inner: unknown) => unknown): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = make(value);
  return value;
};

/** A key named __proto__ is one here, as JSON.parse makes it. */
const json = (text: string): unknown => JSON.parse(text);

export const hostileJson: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    json('{"__proto__": {"isAdmin": true}}'), json('{"constructor": {"prototype": {"isAdmin": true}}}'), json('{"__proto__": null}'), json('{"a": {"__proto__": []}}'), json('{"toString": "x", "valueOf": 1}'), json('{"length": -1}'), json('{"\\u0000": "\\u0000"}'), json('{"\\ud800": 1}'), json('{"language": "\\udc00"}'), json('{"": ""}'),
    nested(64, (inner) => [inner]), nested(65, (inner) => [inner]), nested(64, (inner) => ({ a: inner })), nested(2_000, (inner) => [inner]), nested(2_000, (inner) => ({ a: inner })), Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, index])), 1e308, -0, '', 'text', true, null, [], {}, [null], { toJSON: 'x' },
  ),
  fc.jsonValue({ maxDepth: 4 }),
  fc.dictionary(hostileText.filter((text) => text.length < 1_000), fc.oneof(hostileText.filter((text) => text.length < 1_000), fc.constantFrom<unknown>(1, null, [], {})), { maxKeys: 4 }),
);

/** What is given for a leaf of the schema, by the name of its type. */
export const hostileOf: Readonly<Record<string, Arbitrary<unknown>>> = {
  String: hostileText, ID: hostileOpaque, Int: hostileInt, Float: hostileFloat, DateTime: hostileDate, URL: hostileUrl, EmailAddress: hostileEmail, JSON: hostileJson,
};
