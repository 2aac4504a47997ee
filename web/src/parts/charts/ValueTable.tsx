import { useStore } from '../../api/store.ts';
import { timeZone } from '../clock.ts';
import { about, absolute } from '../format.ts';
import table from '../parts.module.css';
import { Scroll } from '../Scroll.tsx';
import type { ChartData } from './series.ts';
import classes from './LineChart.module.css';

/** A chart's values, for those who cannot see it and for those who want to know exactly. */
export function ValueTable({ label, series, times, unit }: ChartData & { label: string }) {
  const zone = useStore(timeZone);
  return (
    <details className={classes['values']}>
      <summary aria-label={`Show as a table: ${label}`}>Show as a table</summary>
      <div className={classes['rows']}>
        <Scroll label={`${label}: values`}>
          <table className={table['table']} aria-label={label}>
            <thead>
              <tr>
                <th scope="col">Time</th>
                {series.map(({ name }) => (
                  <th key={name} scope="col" data-number>
                    {name} ({unit})
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times.map((time, place) => {
                const moment = new Date(time);
                return (
                  <tr key={moment.getTime()}>
                    <td>
                      <time dateTime={moment.toISOString()}>{absolute(moment.getTime(), zone)}</time>
                    </td>
                    {series.map(({ name, values }) => (
                      <td key={name} data-number>
                        {valueText(values[place])}
                      </td>
                    ))}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </Scroll>
      </div>
    </details>
  );
}

function valueText(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : about(value);
}
