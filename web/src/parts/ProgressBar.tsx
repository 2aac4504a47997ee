import classes from './ProgressBar.module.css';

type Counts = { totalTargets: number | null; processed: number; failedCount: number; skippedCount: number };

/** The share of targets that is processed, 0 to 100, rounded down: 100 means all of them. Null while the total is unknown. */
export function percent({ totalTargets, processed }: Counts): number | null {
  if (totalTargets === null) return null;
  return totalTargets === 0 ? 100 : Math.floor((Math.min(processed, totalTargets) / totalTargets) * 100);
}

/** A job's progress: done, failed and skipped side by side, over the total. */
export function ProgressBar({ counts, label, large = false }: { counts: Counts; label: string; large?: boolean }) {
  const total = counts.totalTargets || counts.processed || 1;
  const done = counts.processed - counts.failedCount - counts.skippedCount;
  const share = (count: number) => ({ transform: `scaleX(${Math.min(1, count / total)})` });
  const value = percent(counts);
  return (
    <div
      className={classes['track']}
      data-large={large || undefined}
      data-unknown={value === null || undefined}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value ?? undefined}
    >
      <span className={classes['skipped']} style={share(counts.processed)} />
      <span className={classes['failed']} style={share(done + counts.failedCount)} />
      <span className={classes['done']} style={share(done)} />
    </div>
  );
}
