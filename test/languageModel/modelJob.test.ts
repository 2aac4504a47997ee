import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Channel, Drafter } from '../../src/domain/enums.ts';
import { UserErrors } from '../../src/domain/errors.ts';
import { retryJob } from '../../src/services/retryJob.ts';
import { startDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import { answer, fail, write } from '../support/modelServer.ts';
import { waitFor } from '../support/waitFor.ts';
import { ModelBench } from './support.ts';

let bench: ModelBench;
beforeAll(async () => {
  bench = await ModelBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.reset());

test('without a configured model the job is refused, with the names of the variables', async () => {
  await bench.jobs.addProspects(1);

  const start = startDraftJob(bench.jobs.context, { drafter: Drafter.LANGUAGE_MODEL, expectedCount: 1 });

  await expect(start).rejects.toBeInstanceOf(UserErrors);
  await expect(start).rejects.toMatchObject({ errors: [{ code: 'NOT_CONFIGURED', field: ['input', 'drafter'], message: expect.stringMatching(/LLM_BASE_URL.*LLM_MODEL/) }] });
  expect(await bench.jobs.query('select from jobs')).toHaveLength(0);
});

describe('with a worker', () => {
  beforeAll(() => bench.startWorker());

  test('each target gets what the model wrote, is projected, and waits for a person', async () => {
    await bench.jobs.addProspects(3);
    bench.model.otherwise = (response, request) => {
      const [, name] = /<data>"(Prospect \d)"<\/data>/.exec(request.body.messages[1]!.content)!;
      return answer(JSON.stringify({ subject: `For ${name}`, body: `Hello ${name}.` }))(response, request);
    };

    const job = await bench.ended(await bench.start({ expectedCount: 3 }));

    expect(job).toMatchObject({ status: 'succeeded', total_targets: 3, done_count: 3, drafts_created: 3 });
    const drafts = await bench.jobs.query(
      `select d.subject, d.body, d.status, d.recipient = p.email as addressed, p.draft_subject, p.draft_status
       from email_drafts as d join prospects as p on p.id = d.prospect_id order by d.subject`,
    );
    expect(drafts).toEqual(
      [1, 2, 3].map((n) => ({
        subject: `For Prospect ${n}`, body: `Hello Prospect ${n}.`, status: 'pending_review', addressed: true, draft_subject: `For Prospect ${n}`, draft_status: 'pending_review',
      })),
    );
    await bench.jobs.expectSettled(job.id);
  });

  test('nothing of a prospect leaves but what the template names', async () => {
    await bench.jobs.addProspects(1);

    await bench.ended(await bench.start({ expectedCount: 1, bodyTemplate: 'Write to {{ displayName }}.' }));

    const sent = JSON.stringify(bench.model.requests.map(({ body }) => body));
    expect(sent).toContain('Prospect 1');
    expect(sent).not.toMatch(/p1@example\.org|Makes things|https:\/\/example\.org/);
  });

  test('a profile is told of no further than it is named', async () => {
    const [id] = await bench.jobs.addProspects(1);
    await bench.jobs.query(
      `insert into social_profiles (id, prospect_id, canonical_key, platform, username, profile_url, bio_text)
       values (gen_random_uuid(), $1, 'bsky.app/ada', 'bluesky', 'ada', 'https://bsky.app/profile/ada', 'secret')`,
      [id],
    );

    const job = await bench.ended(await bench.start({ channel: Channel.SOCIAL, expectedCount: 1, bodyTemplate: 'Write to {{ profile.username }}.' }));

    expect(job).toMatchObject({ status: 'succeeded', done_count: 1 });
    expect(JSON.stringify(bench.model.requests[0]!.body)).not.toMatch(/secret|profile\/ada/);
    expect(await bench.jobs.query('select body, recipient from social_drafts')).toEqual([
      { body: 'Hello, this is written for you.', recipient: 'https://bsky.app/profile/ada' },
    ]);
  });

  test('a target whose template lacks a value fails, and the model is not asked', async () => {
    await bench.jobs.addProspects(1, { noBioEvery: 1 });

    const job = await bench.ended(await bench.start({ expectedCount: 1, bodyTemplate: 'They say {{ bioText }}.' }));

    expect(job.failure_reasons).toEqual([{ code: 'MISSING_VARIABLE', message: 'bioText has no value.', count: 1 }]);
    expect(bench.model.requests).toHaveLength(0);
  });

  test.each([
    ['prose', answer('Dear sir')],
    ['nothing', answer('')],
    ['a placeholder', write({ subject: 'A', body: 'Hello [Name]' })],
    ['a broken link', write({ subject: 'A', body: 'See https:///nowhere now.' })],
    ['no JSON at all', ((response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hi</h1>')) as ReturnType<typeof answer>],
  ])('%s is a failed target, never a draft', async (_, nonsense) => {
    await bench.jobs.addProspects(2);
    bench.model.next = [nonsense];

    const job = await bench.ended(await bench.start({ expectedCount: 2 }));

    expect(job).toMatchObject({ status: 'completed_with_errors', done_count: 1, failed_count: 1 });
    expect(job.failure_reasons).toMatchObject([{ code: 'MODEL_ANSWER_INVALID', count: 1 }]);
    expect(await bench.jobs.draftCount()).toBe(1);
    await bench.jobs.expectSettled(job.id);
  });

  test('what the model failed at can be tried again, with the model', async () => {
    await bench.jobs.addProspects(2);
    bench.model.next = [answer('no')];
    const first = await bench.ended(await bench.start({ expectedCount: 2 }));

    const { jobId } = await retryJob(bench.context, { jobId: first.id, codes: ['MODEL_ANSWER_INVALID'] });

    expect(await bench.ended(jobId)).toMatchObject({ status: 'succeeded', total_targets: 1, done_count: 1, attempt: 2 });
    expect(await bench.jobs.draftCount()).toBe(2);
    expect(bench.model.requests).toHaveLength(3);
  });

  test('a key that the endpoint does not know fails the job at once, with what to do', async () => {
    await bench.jobs.addProspects(50);
    bench.model.otherwise = fail(401, 'Incorrect API key');

    const job = await bench.ended(await bench.start({ expectedCount: 50 }));

    expect(job).toMatchObject({ status: 'failed', error: expect.stringContaining('set LLM_API_KEY'), processed: 0 });
    expect(bench.model.requests.length).toBeLessThan(10);
  });

  test('a change that the model was not told of costs nothing more; what it was told of is asked for anew', async () => {
    const [id] = await bench.jobs.addProspects(1);
    const change = (column: string, value: unknown) => bench.jobs.query(`update prospects set ${column} = $2 where id = $1`, [id, value]);
    bench.model.next = [
      async (response, request) => {
        await change('follower_count', 7);
        await write()(response, request);
      },
    ];
    await bench.ended(await bench.start({ expectedCount: 1 }));
    expect(bench.model.requests).toHaveLength(1);
    expect(await bench.jobs.draftCount()).toBe(1);

    await bench.jobs.query(`delete from email_drafts`);
    await bench.jobs.query(`update prospects set draft_status = 'none', draft_subject = null, draft_body = null`);
    bench.model.next = [
      async (response, request) => {
        await change('display_name', 'Ada');
        await write()(response, request);
      },
    ];
    await bench.ended(await bench.start({ expectedCount: 1 }));
    expect(bench.model.requests.map(({ body }) => body.messages[1]!.content.includes('Ada'))).toEqual([false, false, true]);
    expect(await bench.jobs.draftCount()).toBe(1);
  });

  test.each([
    ['EMAIL', Channel.EMAIL],
    ['SOCIAL', Channel.SOCIAL],
  ])('whoever is excluded while the model writes gets no draft: %s', async (_, channel) => {
    const [id] = await bench.jobs.addProspects(1);
    await bench.jobs.query(
      `insert into social_profiles (id, prospect_id, canonical_key, platform, username, profile_url) values (gen_random_uuid(), $1, 'bsky.app/ada', 'bluesky', 'ada', 'https://bsky.app/profile/ada')`,
      [id],
    );
    bench.model.next = [
      async (response, request) => {
        await bench.jobs.query('update prospects set excluded_at = now()');
        await write()(response, request);
      },
    ];

    const job = await bench.ended(await bench.start({ channel, expectedCount: 1 }));

    expect(job).toMatchObject({ status: 'succeeded', skipped_count: 1, done_count: 0 });
    expect(await bench.jobs.query('select code from job_targets')).toEqual([{ code: 'EXCLUDED' }]);
    expect(await bench.jobs.query('select id from email_drafts union all select id from social_drafts')).toHaveLength(0);
  });

  describe('that has a price', () => {
    // An answer costs 100 × 1,000 / 1,000,000 + 50 × 4,000 / 1,000,000 = 0.3.
    const prices = { inputPricePerMillion: 1_000, outputPricePerMillion: 4_000 };

    test('the cost of every answer is counted, of the useless ones too', async () => {
      await bench.set({ ...prices, costCapPerJob: 100 });
      await bench.jobs.addProspects(3);
      bench.model.next = [answer('no')];

      const job = await bench.ended(await bench.start({ expectedCount: 3 }));

      expect(job).toMatchObject({ done_count: 2, failed_count: 1 });
      expect(await bench.costOf(job.id)).toBeCloseTo(0.9);
    });

    test('a job that has used up its money asks for nothing more, however many ask at once', async () => {
      await bench.set({ ...prices, costCapPerJob: 1 });
      await bench.startWorker();
      await bench.jobs.addProspects(20);

      const job = await bench.ended(await bench.start({ expectedCount: 20 }));

      expect(job).toMatchObject({ status: 'completed_with_errors', done_count: 4, failed_count: 16 });
      expect(job.failure_reasons).toEqual([{ code: 'COST_CAP', message: expect.stringContaining('languageModel.costCapPerJob'), count: 16 }]);
      expect(bench.model.requests).toHaveLength(4);
      expect(await bench.costOf(job.id)).toBeCloseTo(1.2);

      const { jobId } = await retryJob(bench.context, { jobId: job.id, codes: ['COST_CAP'] });
      expect(await bench.ended(jobId)).toMatchObject({ total_targets: 16, done_count: 4 });
    });

    test('nothing may be spent with a cap of 0', async () => {
      await bench.set({ ...prices, costCapPerJob: 0 });
      await bench.jobs.addProspects(2);

      const job = await bench.ended(await bench.start({ expectedCount: 2 }));

      expect(job).toMatchObject({ failed_count: 2 });
      expect(bench.model.requests).toHaveLength(0);
    });

    test('an endpoint that says it took more than could ever be paid is asked once', async () => {
      await bench.set({ ...prices, costCapPerJob: 5 });
      await bench.jobs.addProspects(3);
      bench.model.otherwise = answer('{"subject": "A", "body": "B"}', { usage: { prompt_tokens: Number.MAX_SAFE_INTEGER, completion_tokens: 1 } });

      const job = await bench.ended(await bench.start({ expectedCount: 3 }));

      expect(job).toMatchObject({ done_count: 1, failed_count: 2, failure_reasons: [{ code: 'COST_CAP' }] });
      expect(bench.model.requests).toHaveLength(1);
      expect(await bench.costOf(job.id)).toBeCloseTo(999_999.999999);
    });

    test('the greatest cap that can be set is reached', async () => {
      await bench.set({ ...prices, costCapPerJob: 1_000_000 });
      await bench.jobs.addProspects(2);
      bench.model.otherwise = answer('{"subject": "A", "body": "B"}', { usage: { prompt_tokens: Number.MAX_SAFE_INTEGER, completion_tokens: 1 } });

      const job = await bench.ended(await bench.start({ expectedCount: 2 }));

      expect(job).toMatchObject({ done_count: 1, failed_count: 1, failure_reasons: [{ code: 'COST_CAP' }] });
      expect(bench.model.requests).toHaveLength(1);
    });

    test('an endpoint that does not say what it took does not get past the cap', async () => {
      await bench.set({ ...prices, costCapPerJob: 0.5 });
      await bench.jobs.addProspects(10);
      bench.model.otherwise = answer('{"subject": "A", "body": "B"}', { usage: undefined });

      const job = await bench.ended(await bench.start({ expectedCount: 10 }));

      expect(job.failure_reasons).toMatchObject([{ code: 'COST_CAP' }]);
      expect(bench.model.requests.length).toBeLessThan(3);
    });
  });

  test('a model without a price has no cap', async () => {
    await bench.set({ costCapPerJob: 0 });
    await bench.jobs.addProspects(2);

    expect(await bench.ended(await bench.start({ expectedCount: 2 }))).toMatchObject({ done_count: 2 });
  });

  test('jobs of Liquid go on while the model makes others wait', async () => {
    await bench.jobs.addProspects(20);
    bench.model.otherwise = () => {};
    const waiting = await bench.start({ expectedCount: 20 });
    await waitFor(() => bench.model.requests.length > 3);
    const ids = await bench.jobs.addProspects(5);

    const { jobId } = await startDraftJob(bench.context, { prospectIds: ids });

    expect(await bench.ended(jobId)).toMatchObject({ status: 'succeeded', done_count: 5 });
    expect(await bench.jobs.job(waiting)).toMatchObject({ status: 'running' });
  });
});
