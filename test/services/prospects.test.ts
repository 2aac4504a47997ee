import { Platform, SourceType } from '../../src/domain/enums.ts';
import { createProspect } from '../../src/services/createProspect.ts';
import { deleteProspects } from '../../src/services/deleteProspects.ts';
import { updateProspect } from '../../src/services/updateProspect.ts';
import { ImportBench } from '../import/support.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await ImportBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.query('truncate prospects, jobs, activities, email_messages cascade'));

const website = { sourceType: SourceType.WEBSITE, sourcePlatform: Platform.WEBSITE };
const missing = '00000000-0000-7000-8000-000000000000';

interface Row {
  id: string;
  canonical_key: string;
  display_name: string;
  profile_url: string | null;
  email: string | null;
  bio_text: string | null;
  tags: string[];
  updated_at: Date;
}
const find = async (id: string) => (await bench.query<Row>('select * from prospects where id = $1', [id]))[0]!;

async function created(input: Partial<Parameters<typeof createProspect>[1]> = {}): Promise<Row> {
  const { prospectId } = await createProspect(bench.context(), { ...website, displayName: 'Ada', profileUrl: 'https://a.example/', ...input });
  return find(prospectId);
}

describe('createProspect', () => {
  test('normalises, and records who did it', async () => {
    const ada = await created({ email: 'Ada@Example.ORG', tags: ['x', 'x', ' y '] });
    expect(ada).toMatchObject({ canonical_key: 'a.example', email: 'ada@example.org', tags: ['x', 'y'] });
    expect(await bench.query('select actor, action, subject_id from activities')).toEqual([{ actor: 'test', action: 'prospect.created', subject_id: ada.id }]);
  });

  test('makes the profile of a handle', async () => {
    const ada = await created({ sourceType: SourceType.SOCIAL, sourcePlatform: Platform.GITHUB, username: '@Ada', profileUrl: null });
    expect(ada).toMatchObject({ canonical_key: 'github.com/ada', profile_url: 'https://github.com/Ada' });
    expect(await bench.query('select prospect_id, username from social_profiles')).toEqual([{ prospect_id: ada.id, username: 'Ada' }]);
  });

  test('answers CONFLICT with the prospect that has the key', async () => {
    const ada = await created();
    const { prospectId, userErrors } = await createProspect(bench.context(), { ...website, displayName: 'B', profileUrl: 'http://www.A.example' });
    expect(prospectId).toBe(ada.id);
    expect(userErrors).toMatchObject([{ code: 'CONFLICT' }]);
  });

  test.each([
    ['without any address', { profileUrl: null }, ['input', 'profileUrl']],
    ['with a blank name', { displayName: '  ' }, ['input', 'displayName']],
    ['with NUL', { bioText: 'a\0' }, ['input', 'bioText']],
    ['with a URL of another scheme', { profileUrl: 'javascript:alert(1)' }, ['input', 'profileUrl']],
  ])('refuses one %s', async (_, input, field) => {
    await expect(created(input)).rejects.toMatchObject({ errors: [{ code: 'INVALID', field }] });
  });
});

describe('updateProspect', () => {
  test('keeps what is absent and clears what is null', async () => {
    const { id, updated_at: updatedAt } = await created({ bioText: 'Bio', email: 'a@b.example' });
    await updateProspect(bench.context(), { prospectId: id, updatedAt, bioText: null, displayName: 'Ada L' });
    expect(await find(id)).toMatchObject({ bio_text: null, display_name: 'Ada L', email: 'a@b.example', profile_url: 'https://a.example/' });
  });

  test('moves the key with the address', async () => {
    const { id, updated_at: updatedAt } = await created({ email: 'a@b.example' });
    await updateProspect(bench.context(), { prospectId: id, updatedAt, profileUrl: null });
    expect(await find(id)).toMatchObject({ canonical_key: 'a@b.example', profile_url: null });
  });

  test('answers STALE when somebody changed it meanwhile', async () => {
    const { id, updated_at: updatedAt } = await created();
    await updateProspect(bench.context(), { prospectId: id, updatedAt, bioText: 'one' });
    await expect(updateProspect(bench.context(), { prospectId: id, updatedAt, bioText: 'two' })).rejects.toMatchObject({ errors: [{ code: 'STALE' }] });
    expect(await find(id)).toMatchObject({ bio_text: 'one' });
  });

  test('answers CONFLICT with the other prospect that has the key', async () => {
    const other = await created({ profileUrl: 'https://b.example' });
    const { id, updated_at: updatedAt } = await created();
    const answer = await updateProspect(bench.context(), { prospectId: id, updatedAt, profileUrl: 'https://b.example/' });
    expect(answer).toMatchObject({ prospectId: other.id, userErrors: [{ code: 'CONFLICT' }] });
    expect(await find(id)).toMatchObject({ canonical_key: 'a.example' });
  });

  test.each([
    ['the name', { displayName: null }, 'displayName'],
    ['both addresses', { profileUrl: null, email: null }, 'profileUrl'],
  ])('refuses to clear %s', async (_, change, field) => {
    const { id, updated_at: updatedAt } = await created({ email: 'a@b.example' });
    await expect(updateProspect(bench.context(), { prospectId: id, updatedAt, ...change })).rejects.toMatchObject({ errors: [{ code: 'INVALID', field: ['input', field] }] });
  });

  test('answers NOT_FOUND for one that is not there', async () => {
    await expect(updateProspect(bench.context(), { prospectId: missing, updatedAt: new Date() })).rejects.toMatchObject({ errors: [{ code: 'NOT_FOUND' }] });
  });
});

describe('deleteProspects', () => {
  test('deletes with profiles, and tells which are not there', async () => {
    const { id } = await created({ sourceType: SourceType.SOCIAL, sourcePlatform: Platform.GITHUB, username: 'ada', profileUrl: null });
    const answer = await deleteProspects(bench.context(), { prospectIds: [missing, id] });
    expect(answer).toMatchObject({ deletedCount: 1, userErrors: [{ code: 'NOT_FOUND', field: ['input', 'ids', '0'] }] });
    expect(await bench.query('select id from prospects union all select id from social_profiles')).toEqual([]);
    expect(await bench.query(`select subject_id from activities where action = 'prospect.deleted'`)).toEqual([{ subject_id: id }]);
  });

  test('refuses one that has messages, and deletes the others', async () => {
    const kept = await created();
    const gone = await created({ profileUrl: 'https://b.example' });
    await giveMessage(kept.id, 'queued');
    const answer = await deleteProspects(bench.context(), { prospectIds: [kept.id, gone.id] });
    expect(answer).toMatchObject({ deletedCount: 1, userErrors: [{ code: 'CONFLICT', field: ['input', 'ids', '0'] }] });
    expect(await bench.query('select id from prospects')).toEqual([{ id: kept.id }]);
  });
});

async function giveMessage(prospectId: string, status: string): Promise<void> {
  await bench.query(
    `with draft as (
       insert into email_drafts (id, prospect_id, subject, body, fingerprint, approved_fingerprint, status) values (gen_random_uuid(), $1, 's', 'b', 'f', 'f', 'approved') returning id
     )
     insert into email_messages (id, prospect_id, draft_id, subject, body, recipient, message_id, status)
     select gen_random_uuid(), $1, id, 's', 'b', 'a@b.example', '<1@x>', $2::message_status from draft`,
    [prospectId, status],
  );
}
