import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { toGlobalId } from '../../src/domain/globalId.ts';
import { startApi, type Api } from './support.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());
beforeEach(() => api.sql('truncate templates'));

const shown = 'template { id name channel subject body createdBy updatedAt } userErrors { code message field target }';

async function mutate(name: string, input: object): Promise<{ template: any; userErrors: any[] }> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await api.ask(`mutation ($input: ${type}!) { ${name}(input: $input) { ${shown} } }`, { input });
  expect(errors).toBeUndefined();
  return data[name];
}

const mail = { name: 'First contact', subject: 'For {{ displayName }}', body: 'Hello {{ displayName | default: "there" }}, {{ tags.first }}' };
const names = async (args = '') => (await api.ask(`{ templates${args} { nodes { name } totalCount } }`)).data.templates;

test('a template is kept, listed by name and found by its id', async () => {
  const { template, userErrors } = await mutate('createTemplate', { ...mail, name: '  First contact ' });
  await mutate('createTemplate', { name: 'A greeting', channel: 'SOCIAL', body: 'Hi {{ profile.username }}' });

  expect(userErrors).toEqual([]);
  expect(template).toMatchObject({ ...mail, channel: 'EMAIL', createdBy: 'admin' });
  expect(await names()).toEqual({ nodes: [{ name: 'A greeting' }, { name: 'First contact' }], totalCount: 2 });
  expect(await names('(channel: SOCIAL)')).toEqual({ nodes: [{ name: 'A greeting' }], totalCount: 1 });
  expect((await api.ask(`query ($id: ID!) { node(id: $id) { ... on Template { name } } }`, { id: template.id })).data.node).toEqual({ name: 'First contact' });
});

test.each<[string, object, string]>([
  ['without a name', { name: '  ' }, 'name'],
  ['with a name that has no end', { name: 'n'.repeat(201) }, 'name'],
  ['with a name that PostgreSQL cannot keep', { name: 'a\0b' }, 'name'],
  ['that does not parse', { body: '{% if %}' }, 'body'],
  ['with a filter that there is not', { body: '{{ displayName | shout }}' }, 'body'],
  ['with an unknown variable', { subject: '{{ firstName }}' }, 'subject'],
  ['with an unknown field of the profile', { channel: 'SOCIAL', subject: null, body: '{{ profile.password }}' }, 'body'],
  ['for mails without a subject', { subject: null }, 'subject'],
  ['for a social platform with a subject', { channel: 'SOCIAL' }, 'subject'],
  ['that is too long', { body: 'x'.repeat(50_001) }, 'body'],
])('a template %s is refused', async (_, change, field) => {
  const { template, userErrors } = await mutate('createTemplate', { ...mail, ...change });

  expect(template).toBeNull();
  expect(userErrors).toEqual([{ code: 'INVALID', message: expect.any(String), field: ['input', field], target: null }]);
  expect((await names()).totalCount).toBe(0);
});

test('two templates of one name made at once are one template and one CONFLICT', async () => {
  const answers = await Promise.all([mutate('createTemplate', mail), mutate('createTemplate', mail)]);

  expect(answers.map(({ userErrors }) => userErrors.map(({ code }) => code)).sort()).toEqual([[], ['CONFLICT']]);
});

test('a change keeps what it does not name, and is refused over another change', async () => {
  const { template } = await mutate('createTemplate', mail);
  const changed = await mutate('updateTemplate', { id: template.id, updatedAt: template.updatedAt, body: 'Other' });
  const late = await mutate('updateTemplate', { id: template.id, updatedAt: template.updatedAt, body: 'Lost' });

  expect(changed.template).toMatchObject({ name: mail.name, subject: mail.subject, body: 'Other' });
  expect(late.userErrors).toMatchObject([{ code: 'STALE', field: ['input', 'updatedAt'], target: template.id }]);
  expect(await api.sql('select body from templates')).toEqual([{ body: 'Other' }]);
});

test('a name that another template has is a CONFLICT that names it', async () => {
  const { template: one } = await mutate('createTemplate', mail);
  const { template: other } = await mutate('createTemplate', { ...mail, name: 'Other' });
  const { userErrors } = await mutate('updateTemplate', { id: other.id, updatedAt: other.updatedAt, name: mail.name });

  expect(userErrors).toMatchObject([{ code: 'CONFLICT', field: ['input', 'name'], target: one.id }]);
});

test('a change that would not compile is refused', async () => {
  const { template } = await mutate('createTemplate', mail);
  const { userErrors } = await mutate('updateTemplate', { id: template.id, updatedAt: template.updatedAt, body: '{{ nobody }}' });

  expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['input', 'body'] }]);
});

test('a deleted template is gone, and cannot be deleted or changed again', async () => {
  const { template } = await mutate('createTemplate', mail);
  expect((await mutate('deleteTemplate', { id: template.id })).userErrors).toEqual([]);

  expect((await names()).totalCount).toBe(0);
  expect((await mutate('deleteTemplate', { id: template.id })).userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'id'] }]);
  expect((await mutate('updateTemplate', { id: template.id, updatedAt: template.updatedAt })).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  expect((await mutate('deleteTemplate', { id: toGlobalId('Job', '01900000-0000-7000-8000-000000000001') })).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
});

test('everything that is done to templates is in the record', async () => {
  await api.sql('alter table activities disable trigger all');
  await api.sql('delete from activities');
  const { template } = await mutate('createTemplate', mail);
  await mutate('updateTemplate', { id: template.id, updatedAt: template.updatedAt, body: 'Other' });
  await mutate('deleteTemplate', { id: template.id });

  const { data } = await api.ask('query ($subject: ID) { activities(subject: $subject) { nodes { actor action subjectType subject { id } } } }', { subject: template.id });
  expect(data.activities.nodes).toEqual(
    ['template.deleted', 'template.updated', 'template.created'].map((action) => ({ actor: 'admin', action, subjectType: 'Template', subject: null })),
  );
});

test('a draft is previewed and made from a template that is kept', async () => {
  const { template } = await mutate('createTemplate', mail);
  const { template: social } = await mutate('createTemplate', { name: 'Social', channel: 'SOCIAL', body: 'Hi' });
  const [prospect] = await api.sql(`insert into prospects (id, canonical_key, display_name, email, tags, review_status)
    values (gen_random_uuid(), 'ada.example.org', 'Ada', 'ada@example.org', '{math}', 'approved') returning id`);
  const prospectId = toGlobalId('Prospect', prospect.id);
  const preview = async (input: object) => (await api.ask('query ($input: PreviewDraftInput!) { previewDraft(input: $input) { subject body problems } }', { input: { prospectId, ...input } })).data.previewDraft;
  const start = async (input: object) => (await api.ask('mutation ($input: StartDraftJobInput!) { startDraftJob(input: $input) { job { id } userErrors { code field } } }', { input: { prospectIds: [prospectId], ...input } })).data.startDraftJob;

  expect(await preview({ templateId: template.id })).toMatchObject({ subject: 'For Ada', body: 'Hello Ada, math' });
  expect((await start({ templateId: social.id })).userErrors).toEqual([{ code: 'INVALID', field: ['input', 'templateId'] }]);
  expect((await start({ templateId: template.id, bodyTemplate: 'x' })).userErrors).toEqual([{ code: 'INVALID', field: ['input', 'templateId'] }]);
  expect((await start({ templateId: 'nothing' })).userErrors).toEqual([{ code: 'NOT_FOUND', field: ['input', 'templateId'] }]);
  expect((await start({ templateId: template.id })).userErrors).toEqual([]);
  expect(await api.sql(`select parameters ->> 'subject' as subject, parameters ->> 'body' as body from jobs`)).toEqual([{ subject: mail.subject, body: mail.body }]);
});
