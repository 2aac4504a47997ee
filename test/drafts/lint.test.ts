import { describe, expect, it } from '@jest/globals';
import { Channel, Platform } from '../../src/domain/enums.ts';
import { lintDraft } from '../../src/services/drafts/lintDraft.ts';

const ofBody = (body: string) => lintDraft({ channel: Channel.EMAIL, subject: 'Hello', body });

describe('the lint finds', () => {
  it.each([
    ['Hi {{ displayName }}, hello', 'The variable {{ displayName }} was not replaced.'],
    ['Hi {{displayName', 'The variable {{displayName was not replaced.'],
    ['Hi {% if a %}, hello', 'The variable {% if a %} was not replaced.'],
    ['Hi *|FNAME|*, hello', 'The variable *|FNAME|* was not replaced.'],
    ...['[NAME]', '[First Name]', '[your company]', '[Insert link here]', '{first_name}', '{companyName}', '<NAME>', '[COMPANY_NAME]', '[TODO]', '[XXX]'].map(
      (placeholder): [string, string] => [`Hi ${placeholder}, hello`, `The placeholder ${placeholder} was not filled in.`],
    ),
    ['Dear undefined, hello', '“Dear undefined” stands where a value is missing.'],
    ['I met [object Object].', '“[object Object]” stands where a value is missing.'],
    ['Hello ,\nI met you.', 'The salutation “Hello ,” names nobody.'],
    ['See http://', 'The link http:// leads nowhere.'],
    ['See http:// example.org now', 'The link http:// leads nowhere.'],
    ['See https://exa mple.org', 'The link https://exa leads nowhere.'],
    ['See https:/example.org.', 'The link https:/example.org leads nowhere.'],
    ['See http://localhost:3000/x', 'The link http://localhost:3000/x leads nowhere.'],
    ['See https://[::1/', 'The link https://[::1/ leads nowhere.'],
    ['See javascript:alert(1)', 'The link javascript:alert(1) opens no page.'],
    ['See data:text/html,<b>', 'The link data:text/html,<b> opens no page.'],
    ['See file:///etc/passwd', 'The link file:///etc/passwd opens no page.'],
    ['See [our page]()', 'The link [our page]() has no address.'],
    ['Hello\u202eolleh', 'The text has control characters, which programs show as they please.'],
    ['Hello\u0007', 'The text has control characters, which programs show as they please.'],
    [' \n', 'The text is empty.'],
    ['x'.repeat(20_001), 'The text has 20001 characters; 20000 at most make sense.'],
  ])('in %j what nobody would send on purpose', (body, problem) => {
    expect(ofBody(body)).toEqual([problem]);
  });

  it('all problems at once, each only once, the subject’s too', () => {
    expect(lintDraft({ channel: Channel.EMAIL, subject: 'For [NAME]', body: 'Hi [NAME],\n{{ x }} https:///a https:///a' })).toEqual([
      'The variable {{ x }} was not replaced.', 'The placeholder [NAME] was not filled in.', 'The link https:///a leads nowhere.',
    ]);
  });

  it.each([
    [Platform.MASTODON, 500], [Platform.BLUESKY, 1_000], [Platform.INSTAGRAM, 1_000], [Platform.FACEBOOK, 2_000], [Platform.LINKEDIN, 8_000], [Platform.GITHUB, 10_000],
  ])('what %s does not take: more than %i characters', (platform, limit) => {
    const of = (body: string) => lintDraft({ channel: Channel.SOCIAL, platform, subject: null, body });
    expect(of('🙂'.repeat(limit))).toEqual([]);
    expect(of('x'.repeat(limit + 1))).toEqual([`The text has ${limit + 1} characters; ${platform.toUpperCase()} takes ${limit}.`]);
  });

  it('an end, whatever it is given', () => {
    for (const piece of ['{{', '{%', '[', '[name', 'https:', 'hello ', '*|', '](', '[a](']) {
      const started = performance.now();
      ofBody(piece.repeat(100_000 / piece.length));
      expect(performance.now() - started).toBeLessThan(10_000);
    }
  });
});

describe('the lint leaves alone', () => {
  it.each([
    'Hello,\n\nshall we talk?', 'Hello Ada!', 'Bonjour !', 'See https://example.org/ada, please (or http://example.org).', 'See <https://example.org/>.',
    'See https://en.wikipedia.org/wiki/Ada_(name).', 'As [1] says [sic].', 'See [our company](https://example.org/).', 'a < b and c > d', 'We use http: and https: alike.',
    'The data: all of it.', 'https://example.org:8443/a?b={c}#d', 'null and void, undefined behaviour', 'שלום 🙂', 'Dear Nana,', 'Hi Nullah, hello', 'function() { return x; }',
  ])('%j', (body) => {
    expect(ofBody(body)).toEqual([]);
  });
});
