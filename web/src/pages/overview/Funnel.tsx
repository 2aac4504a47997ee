import { Link } from '@tanstack/react-router';
import type { PipelineStage, SourceType } from '../../graphql/graphql.ts';
import { count, words } from '../../parts/format.ts';
import { VisuallyHidden } from '../../parts/VisuallyHidden.tsx';
import classes from './Funnel.module.css';

const path: readonly PipelineStage[] = ['DISCOVERED', 'REVIEWED', 'DRAFTED', 'APPROVED', 'SENT', 'FOLLOWED_UP', 'REPLIED'];
const aside: readonly PipelineStage[] = ['REJECTED', 'EXCLUDED'];

const percent = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

function share(part: number): string {
  return part === 0 ? '' : `${percent.format(part * 100)} %`;
}

/**
 * Every prospect stands in exactly one stage: the numbers sum to the total, and each leads to its prospects. Behind the
 * bar of those who stand there now lies that of all who came so far.
 */
export function Funnel({ stages, total, source }: { stages: readonly { stage: PipelineStage; count: number }[]; total: number; source?: SourceType }) {
  const counts = new Map(stages.map(({ stage, count: size }) => [stage, size]));
  const size = (stage: PipelineStage) => counts.get(stage) ?? 0;
  const reached = (place: number) => path.slice(place).reduce((sum, stage) => sum + size(stage), 0);
  return (
    <>
      <ol className={classes['funnel']}>
        {path.map((stage, place) => (
          <Row key={stage} stage={stage} size={size(stage)} reached={reached(place)} total={total} source={source} />
        ))}
        {aside.map((stage) => (
          <Row key={stage} stage={stage} size={size(stage)} reached={size(stage)} total={total} source={source} aside />
        ))}
      </ol>
      <p className={classes['legend']} aria-hidden>
        <span data-now /> here now <span /> came this far
      </p>
    </>
  );
}

type RowProps = { stage: PipelineStage; size: number; reached: number; total: number; source?: SourceType; aside?: boolean };

function Row({ stage, size, reached, total, source, aside: isAside = false }: RowProps) {
  const width = (part: number) => ({ width: total === 0 ? 0 : `max(${(part / total) * 100}%, ${part > 0 ? 3 : 0}px)` });
  return (
    <li data-aside={isAside || undefined}>
      <Link to="/prospects" search={{ stage: [stage], source }} className={classes['row']}>
        <span>{words(stage)}</span>
        <span className={classes['track']} aria-hidden>
          <span className={classes['reached']} style={width(reached)} />
          <span className={classes['now']} style={width(size)} />
        </span>
        <span className={classes['share']}>
          {share(total === 0 ? 0 : reached / total)}
          <VisuallyHidden>{!isAside && reached > 0 && ' came this far,'}</VisuallyHidden>
        </span>
        <span className={classes['count']}>{count(size)}</span>
      </Link>
    </li>
  );
}
