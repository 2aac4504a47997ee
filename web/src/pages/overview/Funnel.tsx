import { Link } from '@tanstack/react-router';
import type { PipelineStage, SourceType } from '../../graphql/graphql.ts';
import { count, words } from '../../parts/format.ts';
import classes from './Funnel.module.css';

const path: readonly PipelineStage[] = ['DISCOVERED', 'REVIEWED', 'DRAFTED', 'APPROVED', 'SENT', 'FOLLOWED_UP', 'REPLIED'];
const aside: readonly PipelineStage[] = ['REJECTED', 'EXCLUDED'];

const percent = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

function share(part: number): string {
  return part === 0 ? '' : `${percent.format(part * 100)} %`;
}

/** Every prospect stands in exactly one stage: the bars sum to the total. Each leads to its prospects. */
export function Funnel({ stages, total, source }: { stages: readonly { stage: PipelineStage; count: number }[]; total: number; source?: SourceType }) {
  const counts = new Map(stages.map(({ stage, count: size }) => [stage, size]));
  return (
    <ol className={classes['funnel']}>
      {[...path, ...aside].map((stage) => {
        const size = counts.get(stage) ?? 0;
        return (
          <li key={stage} data-aside={aside.includes(stage) || undefined}>
            <Link to="/prospects" search={{ stage: [stage], source }} className={classes['row']}>
              <span>{words(stage)}</span>
              <span className={classes['track']} aria-hidden>
                <span style={{ width: total === 0 ? 0 : `max(${(size / total) * 100}%, ${size > 0 ? 3 : 0}px)` }} />
              </span>
              <span className={classes['share']}>{share(total === 0 ? 0 : size / total)}</span>
              <span className={classes['count']}>{count(size)}</span>
            </Link>
          </li>
        );
      })}
    </ol>
  );
}
