import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { toGlobalId } from '../../src/domain/globalId.ts';
import { seed, startApi, uuid, type Api } from './support.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await seed(api, 1);
});
afterAll(() => api.stop());
beforeEach(() => api.sql('truncate settings'));

const shown = `settings {
  sendingEmail { dailyCap minimumGapSeconds window { days from to timeZone } } sendingSocial { dailyCap }
  followUp { maximum } draftEmail { subject body } draftSocial { subject body } followUpEmail { body } followUpSocial { body }
  languageModel { costCapPerJob inputPricePerMillion outputPricePerMillion requestsPerMinute } problems updatedAt updatedBy
}`;
const settings = async () => (await api.ask(`{ ${shown} }`)).data.settings;

async function update(input: object): Promise<{ settings: any; userErrors: { code: string; message: string; field: string[] }[] }> {
  const { data, errors } = await api.ask(`mutation ($input: UpdateSettingsInput!) { updateSettings(input: $input) { ${shown} userErrors { code message field } } }`, { input });
  expect(errors).toBeUndefined();
  return data.updateSettings;
}

const office = { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00', timeZone: 'Europe/Berlin' };

test('without any that was set, the defaults hold', async () => {
  expect(await settings()).toEqual({
    sendingEmail: { dailyCap: 500, minimumGapSeconds: 0, window: null },
    sendingSocial: { dailyCap: 500 },
    followUp: { maximum: 2 },
    draftEmail: { subject: expect.stringContaining('{{ displayName }}'), body: expect.stringContaining('Hello') },
    draftSocial: { subject: null, body: expect.stringContaining('Hello') },
    followUpEmail: { body: expect.any(String) }, followUpSocial: { body: expect.any(String) },
    languageModel: { costCapPerJob: 5, inputPricePerMillion: 0, outputPricePerMillion: 0, requestsPerMinute: 60 },
    problems: [], updatedAt: null, updatedBy: null,
  });
});

test('a change touches the fields that it names and no other, and is in the record', async () => {
  await update({ sendingEmail: { dailyCap: 40, window: office } });
  const { settings: after, userErrors } = await update({ sendingEmail: { minimumGapSeconds: 30 }, followUp: { maximum: 0 } });

  expect(userErrors).toEqual([]);
  expect(after).toMatchObject({ sendingEmail: { dailyCap: 40, minimumGapSeconds: 30, window: office }, followUp: { maximum: 0 }, updatedBy: 'admin' });
  expect(await settings()).toEqual(after);
  expect(await api.sql(`select actor, action, details from activities where subject_type = 'Settings' order by id desc limit 1`))
    .toEqual([{ actor: 'admin', action: 'settings.updated', details: { keys: ['sending.email', 'followUp'] } }]);
});

test('null brings a default back', async () => {
  await update({ sendingEmail: { dailyCap: 1, window: office }, draftEmail: { subject: 'Mine' } });
  const { settings: after } = await update({ sendingEmail: { window: null, dailyCap: null }, draftEmail: { subject: null } });

  expect(after).toMatchObject({ sendingEmail: { dailyCap: 500, window: null }, draftEmail: { subject: 'A question about {{ displayName }}' } });
});

test.each<[string, object, string[]]>([
  ['a negative cap', { sendingEmail: { dailyCap: -1 } }, ['sendingEmail', 'dailyCap']],
  ['a negative gap', { sendingSocial: { minimumGapSeconds: -5 } }, ['sendingSocial', 'minimumGapSeconds']],
  ['a time zone that there is not', { sendingEmail: { window: { ...office, timeZone: 'Mars/Olympus' } } }, ['sendingEmail', 'window', 'timeZone']],
  ['a window that ends before it begins', { sendingEmail: { window: { ...office, from: '18:00' } } }, ['sendingEmail', 'window', 'to']],
  ['a window of no length', { sendingEmail: { window: { ...office, to: '09:00' } } }, ['sendingEmail', 'window', 'to']],
  ['a time that there is not', { sendingEmail: { window: { ...office, from: '08:60' } } }, ['sendingEmail', 'window', 'from']],
  ['a window without days', { sendingEmail: { window: { ...office, days: [] } } }, ['sendingEmail', 'window', 'days']],
  ['an eighth day', { sendingEmail: { window: { ...office, days: [8] } } }, ['sendingEmail', 'window', 'days', '0']],
  ['a day named twice', { sendingEmail: { window: { ...office, days: [1, 1] } } }, ['sendingEmail', 'window', 'days']],
  ['a negative number of follow-ups', { followUp: { maximum: -1 } }, ['followUp', 'maximum']],
  ['a negative price', { languageModel: { inputPricePerMillion: -0.5 } }, ['languageModel', 'inputPricePerMillion']],
  ['no request a minute', { languageModel: { requestsPerMinute: 0 } }, ['languageModel', 'requestsPerMinute']],
  ['a template that does not parse', { draftEmail: { body: 'Hello {{ displayName' } }, ['draftEmail', 'body']],
  ['an unknown variable', { draftEmail: { subject: 'Hello {{ firstName }}' } }, ['draftEmail', 'subject']],
  ['a variable of the profile in a mail', { draftEmail: { body: '{{ profile.username }}' } }, ['draftEmail', 'body']],
  ['a follow-up with an unknown variable', { followUpSocial: { body: '{{ nobody }}' } }, ['followUpSocial', 'body']],
  ['an empty body', { draftSocial: { body: '  ' } }, ['draftSocial', 'body']],
  ['a subject on the social channel', { draftSocial: { subject: 'Hello' } }, ['draftSocial', 'subject']],
])('%s is refused, and nothing changes', async (_, input, field) => {
  const { settings: after, userErrors } = await update({ ...input, followUp: { maximum: 7, ...(input as any).followUp } });

  expect(after).toBeNull();
  expect(userErrors).toEqual([{ code: 'INVALID', message: expect.any(String), field: ['input', ...field] }]);
  expect(await api.sql('select * from settings')).toEqual([]);
});

test('a mistake in a template is told with its position, an unknown variable with those that are known', async () => {
  const { userErrors } = await update({ draftEmail: { subject: 'Hello\n{{ displayName | }', body: '{{ firstName }}' } });

  expect(userErrors[0]!.message).toMatch(/line:2, col:\d+/);
  expect(userErrors[1]!.message).toMatch(/firstName.*displayName/);
});

test('whoever read older settings is told, and changes nothing', async () => {
  const { settings: read } = await update({ followUp: { maximum: 1 } });
  await update({ followUp: { maximum: 3 } });
  const late = await update({ updatedAt: read.updatedAt, followUp: { maximum: 5 } });

  expect(late.userErrors).toEqual([{ code: 'STALE', message: expect.any(String), field: ['input', 'updatedAt'] }]);
  expect((await settings()).followUp.maximum).toBe(3);
});

test('whoever read the defaults is told of the first change too', async () => {
  await update({ followUp: { maximum: 1 } });
  const late = await update({ updatedAt: null, followUp: { maximum: 5 } });

  expect(late.userErrors).toMatchObject([{ code: 'STALE', field: ['input', 'updatedAt'] }]);
});

test('of two changes at once that read the same, one is told', async () => {
  const { settings: { updatedAt } } = await update({ followUp: { maximum: 1 } });
  const answers = await Promise.all([3, 4].map((maximum) => update({ updatedAt, followUp: { maximum } })));

  expect(answers.map(({ userErrors }) => userErrors.map(({ code }) => code)).sort()).toEqual([[], ['STALE']]);
});

test('a stored value that cannot be used costs its own default only, and is told', async () => {
  await api.sql(`insert into settings (key, value) values ('sending.email', '{"dailyCap": "many", "minimumGapSeconds": 9}'), ('followUp', '3'), ('draft.email', 'null')`);

  expect(await settings()).toMatchObject({
    sendingEmail: { dailyCap: 500, minimumGapSeconds: 9 },
    followUp: { maximum: 2 },
    problems: [expect.stringContaining('sending.email.dailyCap'), expect.stringContaining('followUp')],
  });
  const { settings: after } = await update({ sendingEmail: { dailyCap: 8 }, followUp: { maximum: 1 } });
  expect(after).toMatchObject({ sendingEmail: { dailyCap: 8, minimumGapSeconds: 9 }, followUp: { maximum: 1 }, problems: [] });
});

test('a draft is made from the template of the settings', async () => {
  await update({ draftEmail: { subject: 'For {{ displayName }}' } });
  const [prospect] = await api.sql(`select ${uuid('prospect', '1')} as id`);
  const { data } = await api.ask('query ($input: PreviewDraftInput!) { previewDraft(input: $input) { subject } }', { input: { prospectId: toGlobalId('Prospect', prospect.id) } });

  expect(data.previewDraft.subject).toBe('For Name 1 1');
});

test('a profile that a mail reads has no value, and is no error of the database', async () => {
  const [prospect] = await api.sql(`select ${uuid('prospect', '1')} as id`);
  const { data, errors } = await api.ask('query ($input: PreviewDraftInput!) { previewDraft(input: $input) { missing } }', {
    input: { prospectId: toGlobalId('Prospect', prospect.id), bodyTemplate: 'You are {{ profile.username }}' },
  });

  expect(errors).toBeUndefined();
  expect(data.previewDraft.missing).toEqual(['profile.username']);
});
