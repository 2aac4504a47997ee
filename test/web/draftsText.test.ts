import { lintDraft } from '../../src/services/drafts/lintDraft.ts';
import { Channel, Platform } from '../../src/domain/enums.ts';
import { decide, reverse } from '../../web/src/pages/drafts/decide.ts';
import { diff } from '../../web/src/pages/drafts/diff.ts';
import { postLimit } from '../../web/src/pages/drafts/postLimit.ts';
import type { ReadDraft } from '../../web/src/pages/drafts/readDraft.ts';
import type { Platform as PlatformName } from '../../web/src/graphql/graphql.ts';

const marked = (before: string, after: string) =>
  diff(before, after)
    .map(({ kind, text }) => (kind === 'same' ? text : kind === 'removed' ? `[-${text}-]` : `[+${text}+]`))
    .join('');

describe('the difference between two texts', () => {
  it('is told word by word', () => {
    expect(marked('Hello Ada, how are you?', 'Hello Grace, how are you?')).toBe('Hello [-Ada-][+Grace+], how are you?');
  });

  it('is nothing for the same text', () => {
    expect(marked('One\ntwo', 'One\ntwo')).toBe('One\ntwo');
  });

  it('gives both texts back, whatever they are', () => {
    const [before, after] = ['a b\n\nc 🦊 d', 'שלום b c\nd 🦊🦊'];
    const pieces = diff(before, after);
    expect(pieces.filter(({ kind }) => kind !== 'added').map(({ text }) => text).join('')).toBe(before);
    expect(pieces.filter(({ kind }) => kind !== 'removed').map(({ text }) => text).join('')).toBe(after);
  });

  it('is found for two long texts that have little in common', () => {
    const words = (from: number) => Array.from({ length: 20_000 }, (_, place) => `word${from + place}\n`).join('');
    expect(diff(words(0), words(1_000_000)).map(({ kind }) => kind)).toEqual(['removed', 'added']);
  });
});

describe('the length that a platform takes', () => {
  it.each(Object.entries(Platform))('is for %s the one of the lint', (name, platform) => {
    const limit = postLimit(name as PlatformName);
    const lint = (length: number) => lintDraft({ channel: Channel.SOCIAL, platform, subject: null, body: 'x'.repeat(length) });
    expect(lint(limit)).toEqual([]);
    expect(lint(limit + 1)).toEqual([expect.stringContaining(`${limit + 1} characters`)]);
  });
});

const draft = (id: number, status: ReadDraft['status'] = 'PENDING_REVIEW', reviewReason: string | null = null): ReadDraft => ({
  id: String(id), channel: 'EMAIL', name: `Name ${id}`, fingerprint: `f${id}`, status, reviewReason,
});

/** A client whose server refuses every tenth draft, and answers so many requests. */
function clientOf(answers: number) {
  const asked: { id: string; fingerprint: string }[][] = [];
  const client = {
    mutation: (_document: unknown, { input }: { input: { drafts: { id: string; fingerprint: string }[] } }) => ({
      toPromise: async () => {
        if (asked.length === answers) return { error: new Error('gone') };
        asked.push(input.drafts);
        const refused = input.drafts.filter(({ id }) => Number(id) % 10 === 0);
        return {
          data: {
            reviewDrafts: {
              drafts: input.drafts.filter((one) => !refused.includes(one)),
              userErrors: refused.map(({ id }) => ({ code: 'STALE', message: 'It changed.', target: id })),
            },
          },
        };
      },
    }),
  };
  return { client: client as never, asked };
}

describe('a decision over many drafts', () => {
  const drafts = Array.from({ length: 250 }, (_, place) => draft(place));

  it('goes out a hundred at a time, and its sums are those of the answers', async () => {
    const { client, asked } = clientOf(Infinity);
    const steps: number[] = [];
    const outcome = await decide(client, drafts, { decision: 'APPROVE' }, { progress: (done) => steps.push(done) });
    expect(asked.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(asked[0]![7]).toEqual({ id: '7', fingerprint: 'f7' });
    expect([outcome.changed.length, outcome.refused.length, outcome.untried.length]).toEqual([225, 25, 0]);
    expect(steps).toEqual([100, 200, 250]);
  });

  it('says what was not tried when the server stops answering', async () => {
    const { client } = clientOf(1);
    const outcome = await decide(client, drafts, { decision: 'REJECT' });
    expect([outcome.changed.length, outcome.refused.length, outcome.untried.length]).toEqual([90, 10, 150]);
    expect(outcome.error).toBeDefined();
  });

  it('stops between two requests', async () => {
    const { client, asked } = clientOf(Infinity);
    const outcome = await decide(client, drafts, { decision: 'APPROVE' }, { stopped: () => asked.length === 2 });
    expect(outcome.untried).toHaveLength(50);
  });

  it('is taken back to the state and the reason that each draft had', () => {
    const changed = [draft(1, 'APPROVED'), draft(2, 'REJECTED', 'Too long'), draft(3, 'REJECTED')];
    const back = reverse({ decision: 'REOPEN', changed, refused: [], untried: [] });
    expect(back.map(({ drafts: some, back: { decision, reason } }) => [some.map(({ id }) => id), decision, reason])).toEqual([
      [['1'], 'APPROVE', undefined],
      [['2'], 'REJECT', 'Too long'],
      [['3'], 'REJECT', undefined],
    ]);
  });
});
