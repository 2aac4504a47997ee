import { failAbandonedImports } from '../services/failAbandonedImports.ts';
import { findRunnableJobs, pageSize, type JobPlace } from '../services/findRunnableJobs.ts';
import { rollUpJob } from '../services/rollUpJob.ts';
import type { WorkerContext } from '../services/workerContext.ts';
import { inLogContext } from '../telemetry/logContext.ts';
import { runJob, runnableTypes } from './runJob.ts';

/** The jobs that this process works on, each at most once at a time. */
export class JobRunner {
  readonly #context: WorkerContext;
  readonly #running = new Map<string, Promise<void>>();
  #sweeping: Promise<void> | null = null;
  /** behind which the next sweep goes on */
  #swept: JobPlace | null = null;
  /** job → why it was interrupted, as it was logged */
  readonly #told = new Map<string, string>();

  constructor(context: WorkerContext) {
    this.#context = context;
  }

  /** Resolves once this process finds nothing more to do for the job; rejects when the database fails. */
  run(jobId: string): Promise<void> {
    if (this.#context.stopping.aborted) {
      return Promise.reject(new Error('this worker is stopping'));
    }
    const running = this.#running.get(jobId) ?? inLogContext({ jobId }, () => runJob(this.#context, jobId)).finally(() => this.#running.delete(jobId));
    this.#running.set(jobId, running);
    return running;
  }

  /** Whatever became of its message (lost, retained, in the hands of a dead worker): a job with work left is found. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => {
      this.#sweeping = null;
    });
    return this.#sweeping;
  }

  /** Brings the counters of the jobs in hand up to date and tells who watches them. */
  async rollUp(): Promise<void> {
    for (const jobId of this.#running.keys()) {
      const { changed, sequence } = await rollUpJob(this.#context.em(), jobId);
      if (changed) {
        this.#context.events.publish('jobs', [[jobId, sequence]]);
      }
    }
  }

  /** Resolves when everything in hand has ended, however. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#running.values(), this.#sweeping]);
  }

  /** A job that waits for its tables to be mended is tried again and again: one line for each reason is enough. */
  #tell(jobId: string, error: Error): void {
    if (this.#told.get(jobId) === error.message) return;
    this.#told.set(jobId, error.message);
    this.#context.log.warn({ err: error, jobId }, 'the job was interrupted; it goes on by itself');
  }

  async #sweep(): Promise<void> {
    await failAbandonedImports(this.#context);
    const jobs = await findRunnableJobs(this.#context.em().getKysely(), runnableTypes, this.#swept);
    // Jobs that wait for a night or for a person may fill a page for ever: those behind it have their turn.
    this.#swept = jobs.length === pageSize ? jobs.at(-1)! : null;
    for (const { id: jobId } of jobs) {
      if (!this.#context.stopping.aborted) {
        this.run(jobId).then(() => this.#told.delete(jobId), (error: Error) => this.#tell(jobId, error));
      }
    }
  }
}
