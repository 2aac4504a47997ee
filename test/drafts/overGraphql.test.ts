import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { Channel, DraftStatus } from '../../src/domain/enums.ts';
import { toGlobalId } from '../../src/domain/globalId.ts';
import { adminToken, startApi, type Api } from '../graphql/support.ts';
import { addDraft, channels, type TestDraft } from './support.ts';

let first: Api;
let second: Api;
let db: { query: Api['sql'] };
beforeAll(async () => {
  first = await startApi();
  second = await startApi(first.databaseUrl);
  db = { query: first.sql };
});
afterAll(async () => {
  await second.stop();
  await first.stop();
});

const idOf = ({ id }: TestDraft) => toGlobalId('Draft', id);

const update = (api: Api, draft: TestDraft, input: object) => api.ask(
  `mutation ($input: UpdateDraftInput!) { updateDraft(input: $input) {
    draft { id status version body problems versions { version subject body fingerprint createdAt replacedAt replacedBy } }
    userErrors { code message field target allowed }
  } }`,
  { input: { id: idOf(draft), version: 1, ...input } },
);

const review = (api: Api, input: object) => api.ask(
  'mutation ($input: ReviewDraftsInput!) { reviewDrafts(input: $input) { drafts { id status reviewReason } userErrors { code message field target allowed } } }',
  { input },
);

describe('mutations', () => {
  it.each(channels)('an edit on the %s channel answers with the draft and its earlier texts', async (channel) => {
    const draft = await addDraft(db, channel, { body: 'One' });
    await update(first, draft, { body: 'Two' });

    const { data, errors } = await update(second, draft, { version: 2, body: 'Three' });

    expect(errors).toBeUndefined();
    const { versions, ...now } = data.updateDraft.draft;
    expect(data.updateDraft.userErrors).toEqual([]);
    expect(now).toEqual({ id: idOf(draft), status: 'PENDING_REVIEW', version: 3, body: 'Three', problems: [] });
    expect(versions).toMatchObject([{ version: 2, body: 'Two', replacedBy: 'admin' }, { version: 1, body: 'One', fingerprint: draft.fingerprint }]);
    expect(versions[0].createdAt).toBe(versions[1].replacedAt);
    expect(versions[0].subject).toBe(channel === Channel.EMAIL ? 'Hello' : null);
  });

  it('an edit that is refused answers with no draft, and says why', async () => {
    const draft = await addDraft(db, Channel.EMAIL);
    const { data } = await update(first, draft, { version: 7, body: 'Two' });
    expect(data.updateDraft).toMatchObject({ draft: null, userErrors: [{ code: 'STALE', field: ['input', 'version'], target: idOf(draft) }] });
  });

  it.each(['nonsense', toGlobalId('Job', '00000000-0000-4000-8000-000000000000'), toGlobalId('Draft', '00000000-0000-4000-8000-000000000000')])('the id %s is NOT_FOUND', async (id) => {
    expect((await update(first, { id: '' } as TestDraft, { id })).data.updateDraft.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'id'] }]);
    expect((await review(first, { decision: 'REJECT', drafts: [{ id }] })).data.reviewDrafts).toMatchObject({
      drafts: [], userErrors: [{ code: 'NOT_FOUND', field: ['input', 'drafts', '0'] }],
    });
  });

  it('a review answers with those that changed, and why the others did not', async () => {
    const [good, sent] = [await addDraft(db, Channel.SOCIAL), await addDraft(db, Channel.EMAIL, { status: DraftStatus.SENT })];
    const { data } = await review(first, { decision: 'REJECT', reason: 'no', drafts: [{ id: idOf(sent) }, { id: idOf(good) }] });
    expect(data.reviewDrafts).toMatchObject({
      drafts: [{ id: idOf(good), status: 'REJECTED', reviewReason: 'no' }],
      userErrors: [{ code: 'ILLEGAL_TRANSITION', field: ['input', 'drafts', '0'], target: idOf(sent), allowed: [] }],
    });
  });
});

describe('draftChanged', () => {
  const clients: Client[] = [];
  afterAll(() => Promise.all(clients.map((client) => client.dispose())));

  const subscribe = (api: Api, id: string) => {
    const client = createClient({
      url: `${api.url.replace('http', 'ws')}graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${adminToken}` }, retryAttempts: 0,
    });
    clients.push(client);
    return client.iterate<any>({ query: 'subscription ($id: ID!) { draftChanged(id: $id) { id status version body } }', variables: { id } });
  };
  type Changes = ReturnType<typeof subscribe>;

  const next = async (changes: Changes) => (await changes.next()).value?.data.draftChanged;

  /** What is told until this comes true; states in between may be skipped. */
  const until = async (changes: Changes, isThere: (draft: any) => boolean) => {
    const told = [];
    do told.push(await next(changes)); while (!isThere(told.at(-1)));
    return told;
  };

  it.each(channels)('tells the present state, then what another server does to a draft of the %s channel, until it is deleted', async (channel) => {
    const draft = await addDraft(db, channel);
    const changes = subscribe(first, idOf(draft));
    expect(await next(changes)).toMatchObject({ id: idOf(draft), status: 'PENDING_REVIEW', version: 1 });

    await update(second, draft, { body: 'Another text' });
    expect(await next(changes)).toMatchObject({ version: 2, body: 'Another text' });

    await review(second, { decision: 'REJECT', drafts: [{ id: idOf(draft) }] });
    expect(await next(changes)).toMatchObject({ status: 'REJECTED', version: 2 });

    await db.query(`update ${channel}_drafts set status = 'pending_review' where id = $1`, [draft.id]);
    expect(await next(changes)).toMatchObject({ status: 'PENDING_REVIEW' });

    await db.query(`delete from ${channel}_drafts where id = $1`, [draft.id]);
    expect((await changes.next()).done).toBe(true);
  });

  it('misses no change that comes while somebody subscribes', async () => {
    for (let round = 0; round < 8; round += 1) {
      const draft = await addDraft(db, Channel.EMAIL);
      const changes = subscribe(first, idOf(draft));
      const written = update(second, draft, { body: 'Another text' });
      const told = await until(changes, ({ version }) => version === 2);
      expect(told.map(({ version }) => version)).toEqual(told.map(({ version }) => version).toSorted());
      await written;
      await changes.return!();
    }
  });

  it('tells nobody of drafts that they do not watch, and many of the same one', async () => {
    const [watched, other] = [await addDraft(db, Channel.EMAIL), await addDraft(db, Channel.EMAIL)];
    const all = [subscribe(first, idOf(watched)), subscribe(first, idOf(watched)), subscribe(second, idOf(watched))];
    await Promise.all(all.map(next));

    await update(first, other, { body: 'Another text' });
    await update(first, watched, { body: 'Another text' });

    expect(await Promise.all(all.map(next))).toEqual(Array(3).fill(expect.objectContaining({ id: idOf(watched), version: 2 })));
  });

  it.each(['nonsense', toGlobalId('Draft', '00000000-0000-4000-8000-000000000000')])('the id %s is NOT_FOUND', async (id) => {
    const answer = await subscribe(first, id).next().then(({ value }) => value.errors, (errors) => errors);
    expect(answer).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });
});
