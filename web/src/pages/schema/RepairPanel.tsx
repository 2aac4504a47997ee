import { Code } from '@mantine/core';
import type { RepairRisk, SchemaHealthQuery } from '../../graphql/graphql.ts';
import { plural, words } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import { Tone, type ToneName } from '../../parts/Tone.tsx';
import classes from './Schema.module.css';

const risks: Record<RepairRisk, ToneName> = { SAFE: 'good', CAUTION: 'warn', DANGEROUS: 'bad' };

/** The statements that would mend the schema, in order, to be read. */
export function RepairPanel({ steps }: { steps: SchemaHealthQuery['schemaHealth']['repairPlan'] }) {
  return (
    <Panel title="Repair plan" aside={plural(steps.length, 'step')}>
      <ol className={classes['incidents']}>
        {steps.map(({ id, sql, risk, lock, note }) => (
          <li key={id}>
            <div className={classes['head']}>
              <Tone tone={risks[risk]}>{words(risk)}</Tone>
              <span className={classes['kind']}>{lock === 'none' ? 'takes no lock' : `takes ${lock}`}</span>
            </div>
            <Code block className={classes['sql'] ?? ''}>
              {sql}
            </Code>
            {note && <p className={classes['message']}>{note}</p>}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
