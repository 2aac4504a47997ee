import { newest, type LiveJob, type Progress } from '../../web/src/pages/job/newest.ts';

const job = (sequence: number, processed: number): LiveJob => ({
  id: 'job',
  type: 'DRAFT',
  status: 'RUNNING',
  sequence,
  totalTargets: 100,
  processed,
  doneCount: processed,
  draftsCreated: processed,
  failedCount: 0,
  skippedCount: 0,
  dryRun: false,
  waitingFor: null,
  createdBy: null,
  createdAt: '2026-01-01T00:00:00Z',
  startedAt: null,
  finishedAt: null,
  ratePerSecond: null,
  etaSeconds: null,
});

const progress = (sequence: number, processed: number): Progress => ({
  sequence,
  processed,
  status: 'RUNNING',
  totalTargets: 100,
  draftsCreated: processed,
  failedCount: 0,
  skippedCount: 0,
  ratePerSecond: 10,
  etaSeconds: 1,
  at: '2026-01-01T00:00:00Z',
  job: { id: 'job' },
});

describe('the newest numbers of a job', () => {
  it('are those of the subscription once it is ahead of the query', () => {
    expect(newest(null, job(3, 30), progress(4, 40))).toMatchObject({ sequence: 4, processed: 40, ratePerSecond: 10 });
  });

  it('are those of the query when it is ahead of the subscription', () => {
    expect(newest(null, job(5, 50), progress(4, 40))).toMatchObject({ sequence: 5, processed: 50, ratePerSecond: null });
  });

  it('never go back to an answer that comes late', () => {
    expect(newest(job(7, 70), job(5, 50), progress(6, 60))).toMatchObject({ sequence: 7, processed: 70 });
  });
});
