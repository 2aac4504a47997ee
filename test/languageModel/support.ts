import { Drafter } from '../../src/domain/enums.ts';
import { startDraftJob, type StartDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import type { JobContext } from '../../src/services/jobContext.ts';
import { JobBench, type JobRow } from '../jobs/support.ts';
import { outreachOf } from '../support/outreach.ts';
import { startModelServer, write, type ModelServer } from '../support/modelServer.ts';

/** A bench of jobs with a language model beside it. */
export class ModelBench {
  private constructor(readonly jobs: JobBench, readonly model: ModelServer) {}

  static async open(): Promise<ModelBench> {
    return new ModelBench(await JobBench.open(), await startModelServer());
  }

  async close(): Promise<void> {
    await this.model.close();
    await this.jobs.close();
  }

  /** Nothing asked, nothing drafted, and no waiting for turns to speak of. */
  async reset(settings: object = {}): Promise<void> {
    await this.jobs.query('truncate prospects, jobs, settings, rate_limits cascade');
    await this.set(settings);
    this.model.requests.length = 0;
    this.model.next = [];
    this.model.otherwise = write();
  }

  async set(settings: object): Promise<void> {
    await this.jobs.query(
      `insert into settings (key, value) values ('languageModel', $1) on conflict (key) do update set value = excluded.value`,
      [JSON.stringify({ requestsPerMinute: 100_000, ...settings })],
    );
  }

  get outreach() {
    return outreachOf({ languageModel: { baseUrl: this.model.baseUrl, apiKey: 'key', model: 'test', timeoutSeconds: 280 } });
  }

  get context(): JobContext {
    return { ...this.jobs.context, outreach: this.outreach };
  }

  startWorker(options: object = {}) {
    return this.jobs.startWorker({ outreach: this.outreach, ...options });
  }

  async start(input: StartDraftJob): Promise<string> {
    const { jobId } = await startDraftJob(this.context, { drafter: Drafter.LANGUAGE_MODEL, subjectTemplate: 'Work', bodyTemplate: 'Write to {{ displayName }}.', ...input });
    return jobId;
  }

  /** The job once it has ended. */
  ended(jobId: string): Promise<JobRow & { cost: string; error: string | null }> {
    return this.jobs.jobIn(jobId, 'succeeded', 'completed_with_errors', 'failed', 'cancelled') as never;
  }

  async costOf(jobId: string): Promise<number> {
    const [row] = await this.jobs.query<{ cost: number }>('select cost::float8 as cost from jobs where id = $1', [jobId]);
    return row!.cost;
  }
}
