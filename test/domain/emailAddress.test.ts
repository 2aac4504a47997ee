import { normalizeEmailAddress } from '../../src/domain/emailAddress.ts';
import { EmailAddress } from '../../src/schema/emailAddress.ts';

test.each([
  [' Ada@Example.ORG ', 'ada@example.org'],
  ['mailto:ada@example.org', 'ada@example.org'],
  ['hello+28f4@prospect.test', 'hello+28f4@prospect.test'],
  ['ada@b\u00fccher.example', 'ada@xn--bcher-kva.example'],
])('%j is %s, for an import and for the API', (text, expected) => {
  expect(normalizeEmailAddress(text)).toBe(expected);
  expect(EmailAddress.parseValue(text)).toBe(expected);
});

test.each(['', 'ada', '@example.org', 'ada@', 'ada@host', 'ada@1.2.3.4', 'a..b@example.org', '.a@example.org', 'a@-b.example', 'Ada <a@b.example>', 'a@b.example, c@d.example', 'a\n@b.example', `${'a'.repeat(65)}@b.example`])(
  '%j is no address',
  (text) => {
    expect(() => normalizeEmailAddress(text)).toThrow('is not an e-mail address');
  },
);
