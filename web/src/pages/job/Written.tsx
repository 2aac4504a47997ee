import { JobRequests } from './JobRequests.tsx';
import type { LiveJob } from './newest.ts';
import { WrittenDrafts } from './WrittenDrafts.tsx';
import { WrittenMessages } from './WrittenMessages.tsx';
import { WrittenProspects } from './WrittenProspects.tsx';

/** What a job has brought about, by its type; nothing of a dry run. */
export function Written({ job, settled }: { job: LiveJob; settled: boolean }) {
  const has = job.processed > job.failedCount + job.skippedCount && !job.dryRun;
  switch (job.type) {
    case 'DRAFT':
    case 'FOLLOW_UP':
      return job.draftsCreated > 0 && <WrittenDrafts job={job} settled={settled} />;
    case 'SEND':
      return <WrittenMessages job={job} settled={settled} />;
    case 'DISCOVER':
      return (
        <>
          {has && <WrittenProspects job={job} settled={settled} />}
          <JobRequests job={job} settled={settled} />
        </>
      );
    case 'IMPORT':
      return has && <WrittenProspects job={job} settled={settled} />;
  }
}
