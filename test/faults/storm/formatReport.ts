import { inSeconds, type StormReport } from './runStorm.ts';

/** As docs/faults.md shows it. */
export function formatReport({ seed, seconds, faults, recoveries, campaigns, conflicts, jobsWatched, subscribers, events, findings }: StormReport): string {
  const total = recoveries.length;
  const times = (kind: string | null, of: 'serviceMs' | 'workMs') => recoveries.filter((one) => kind === null || one.kind === kind).map((one) => one[of] ?? Infinity).toSorted((a, b) => a - b);
  const show = (ms: number | undefined) => inSeconds(ms === undefined || ms === Infinity ? null : ms);
  const afterPostgres = (kind: string | null) => recoveries.filter((one) => kind === null || one.kind === kind).map(({ serviceMs, acceptedMs }) => (serviceMs ?? Infinity) - acceptedMs).toSorted((a, b) => a - b);
  const row = (kind: string | null, count: number) => {
    const [service, work] = [times(kind, 'serviceMs'), times(kind, 'workMs')];
    const median = (list: number[]) => list[Math.floor((list.length - 1) / 2)];
    return `| ${kind ?? 'all'} | ${count} | ${show(median(service))} | ${show(service.at(-1))} | ${show(afterPostgres(kind).at(-1))} | ${show(median(work))} | ${show(work.at(-1))} |`;
  };
  return [
    `Seed ${seed}, ${(seconds / 60).toFixed(1)} minutes, ${total} faults.`,
    '',
    '| fault | times | service back, median | max | max after PostgreSQL lets in | a new job done, median | max |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...Object.entries(faults).toSorted(([a], [b]) => a.localeCompare(b)).map(([kind, count]) => row(kind, count)),
    row(null, total),
    '',
    `| what | of | count |`,
    '|---|---:|---:|',
    `| drafts lost | ${findings.drafts} drafts | ${findings.draftsLost} |`,
    `| drafts doubled | | ${findings.draftsDoubled} |`,
    `| mails doubled | ${findings.mails} mails | ${findings.mailsDoubled} |`,
    `| mails said to be sent and not received | | ${findings.mailsLost} |`,
    `| mails of unknown outcome, shown and not sent again | | ${findings.outcomesUnknown} |`,
    `| jobs whose targets are not accounted for | ${findings.jobs} jobs, ${jobsWatched} watched | ${findings.targetsUnaccounted} |`,
    `| targets that failed | | ${findings.targetsFailed} |`,
    `| jobs that did not end | | ${findings.jobsNotEnded} |`,
    `| leases left | | ${findings.leasesLeft} |`,
    `| other invariants broken | ${campaigns} campaigns, ${conflicts} keys used twice, ${subscribers} subscribers, ${events} events | ${findings.broken.length} |`,
    ...(findings.broken.length > 0 ? ['', ...findings.broken.map((line) => `- ${line.slice(0, 600)}`)] : []),
  ].join('\n');
}
