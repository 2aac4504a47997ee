import { Code } from '@mantine/core';
import type { StepFragment } from '../../graphql/graphql.ts';
import { plural, words } from '../../parts/format.ts';
import { Time } from '../../parts/Time.tsx';
import { Tone } from '../../parts/Tone.tsx';
import { Affects } from './Affects.tsx';
import { Comparison } from './Comparison.tsx';
import { effects, type Incident, placeOf } from './incidents.ts';
import classes from './Schema.module.css';
import { risks } from './risks.ts';

type Props = { incident: Incident; plan: readonly StepFragment[]; opened: boolean; current: boolean; toggle: (opened: boolean) => void };

/** One cause: what it does to people, what it stops, what the rows say, what followed from it, and what mends it. */
export function DriftEntry({ incident: { cause, consequences, effect, affects }, plan, opened, current, toggle }: Props) {
  const { says, tone } = effects[effect];
  const place = placeOf(cause);
  const name = `${words(cause.kind)} ${place}`.trim();
  return (
    <li tabIndex={-1} data-current={current || undefined} data-tone={tone} aria-label={`${name}: ${says}`}>
      <div className={classes['head']}>
        <h3>
          {words(cause.kind)} {place && <Code>{place}</Code>}
        </h3>
        <Tone tone={tone}>{says}</Tone>
        {cause.since && (
          <span className={classes['since']}>
            since <Time at={cause.since} />
          </span>
        )}
      </div>
      <p className={classes['message']}>{cause.message}</p>
      <Affects coordinates={affects} />
      <details
        className={classes['more']}
        open={opened}
        onToggle={(event) => {
          if (event.currentTarget.open !== opened) toggle(event.currentTarget.open);
        }}
      >
        <summary aria-label={`Evidence and fixes: ${name}`}>
          Evidence and fixes{consequences.length > 0 && `, ${plural(consequences.length, 'consequence')}`}
        </summary>
        <Comparison drift={cause} />
        {consequences.length > 0 && (
          <section aria-label={`Consequences of ${name}`}>
            <h4>Went with it</h4>
            <ul className={classes['bullets']}>
              {consequences.map(({ id, message }) => (
                <li key={id}>{message}</li>
              ))}
            </ul>
          </section>
        )}
        <Fixes fixes={cause.fixes} plan={plan} name={name} />
      </details>
    </li>
  );
}

function Fixes({ fixes, plan, name }: { fixes: readonly StepFragment[]; plan: readonly StepFragment[]; name: string }) {
  return (
    <section aria-label={`What mends ${name}`}>
      <h4>What mends it</h4>
      {fixes.length === 0 && <p className={classes['message']}>The repair plan has no statement for it; the sentence above says what to do.</p>}
      <ol className={classes['fixes']}>
        {fixes.map((fix) => {
          const number = plan.findIndex(({ id }) => id === fix.id) + 1;
          return (
            <li key={fix.id}>
              <Tone tone={risks[fix.risk]}>{words(fix.risk)}</Tone> {number > 0 && <span className={classes['kind']}>step {number} of the plan</span>}
              <Code block className={classes['sql'] ?? ''}>
                {fix.sql}
              </Code>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
