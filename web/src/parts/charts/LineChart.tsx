import { lazy, Suspense } from 'react';
import { type ChartData, toneOf } from './series.ts';
import { ValueTable } from './ValueTable.tsx';
import classes from './LineChart.module.css';

const Plot = lazy(() => import('./Plot.tsx').then(({ Plot: drawn }) => ({ default: drawn }), () => ({ default: NotLoaded })));

type Props = ChartData & {
  /** what is shown, as a table's name would say it */
  label: string;
  /** a value holds until the next one, as counts do; otherwise straight lines lead from one to the next */
  steps?: boolean;
};

/** Values over time as curves, and below them the same as a table. What draws the curves is loaded when it is first needed. */
export function LineChart({ label, steps = false, ...data }: Props) {
  const { series, unit } = data;
  return (
    <figure className={classes['chart']} aria-label={label}>
      <figcaption className={classes['caption']}>
        <span>{unit.charAt(0).toUpperCase() + unit.slice(1)}</span>
        {series.length > 1 &&
          series.map((one, place) => (
            <span key={one.name} className={classes['key']} data-tone={toneOf(one, place)}>
              {one.name}
            </span>
          ))}
      </figcaption>
      <div className={classes['frame']} aria-hidden>
        <Suspense>
          <Plot {...data} steps={steps} />
        </Suspense>
      </div>
      <ValueTable label={label} {...data} />
    </figure>
  );
}

/** The network, or a server that was renewed since: the page goes on without the curve. */
function NotLoaded() {
  return <p className={classes['missing']}>The curve could not be loaded. The table has its values.</p>;
}
