import { Code } from '@mantine/core';
import { useStore } from '../../api/store.ts';
import { axisTime } from '../../parts/charts/axisTime.ts';
import { clock, timeZone } from '../../parts/clock.ts';
import { duration, plural } from '../../parts/format.ts';
import { Table } from '../../parts/Table.tsx';
import { Time } from '../../parts/Time.tsx';
import { effects } from './incidents.ts';
import { type Span, type TimelineRow, timelineRange } from './timeline.ts';
import classes from './Timeline.module.css';

const mostRows = 12;
const marks = [0, 1, 2, 3];

/** A bar for each time at which something differed; the table behind it says the same in words. */
export function Timeline({ rows }: { rows: readonly TimelineRow[] }) {
  const now = useStore(clock);
  const zone = useStore(timeZone);
  const { from, to } = timelineRange(rows, now);
  const share = (at: number) => ((at - from) / (to - from)) * 100;
  const shown = rows.slice(0, mostRows);
  return (
    <>
      <div className={classes['picture']} aria-hidden>
        {shown.map(({ id, kind, place, spans }) => (
          <div key={id} className={classes['row']}>
            <span className={classes['name']} title={`${kind} ${place}`}>
              {place || kind} <small>{place && kind}</small>
            </span>
            <span className={classes['track']}>
              {spans.map((span) => (
                <span
                  key={span.since}
                  data-tone={span.effect ? effects[span.effect].tone : 'quiet'}
                  data-open={span.until === null || undefined}
                  title={`${duration((span.until ?? now) - span.since)}${span.message ? `: ${span.message}` : ''}`}
                  style={{ left: `${share(span.since)}%`, width: `max(${share(span.until ?? now) - share(span.since)}%, 4px)` }}
                />
              ))}
            </span>
          </div>
        ))}
        <div className={classes['axis']}>
          {marks.map((mark) => (
            <span key={mark}>{axisTime(from + ((to - from) * mark) / marks.length, (to - from) / marks.length / 1000, (to - from) / 1000, zone)}</span>
          ))}
          <span>now</span>
        </div>
      </div>
      {rows.length > mostRows && <p className={classes['rest']}>{plural(rows.length - mostRows, 'more')} in the table</p>}
      <Drifts rows={rows} now={now} />
    </>
  );
}

function Drifts({ rows, now }: { rows: readonly TimelineRow[]; now: number }) {
  const spans = rows.flatMap(({ id, kind, place, spans: all }) => all.map((span) => ({ ...span, key: `${id} ${span.since}`, kind, place })));
  return (
    <details className={classes['behind']}>
      <summary aria-label="Show as a table: when drift came and went">Show as a table</summary>
      <Table of="drifts" label="When drift came and went" columns={['Difference', 'Effect', 'Since', 'Until', 'Lasted', 'Changed by']}>
        {spans.map(({ key, kind, place, effect, since, until, changedBy }) => (
          <tr key={key}>
            <td>
              {kind} {place && <Code>{place}</Code>}
            </td>
            <td className={classes['effect']}>{effectText({ effect })}</td>
            <td>
              <Time at={since} exact />
            </td>
            <td>{until === null ? 'still there' : <Time at={until} exact />}</td>
            <td>{duration((until ?? now) - since)}</td>
            <td>{changedBy ? <bdi>{changedBy}</bdi> : 'not known'}</td>
          </tr>
        ))}
      </Table>
    </details>
  );
}

function effectText({ effect }: Pick<Span, 'effect'>): string {
  return effect ? effects[effect].says : 'not known';
}
