import { Code } from '@mantine/core';
import type { ReactNode } from 'react';
import type { StepFragment } from '../../graphql/graphql.ts';
import { CheckField } from '../../parts/Field.tsx';
import { count, machineTime, words } from '../../parts/format.ts';
import { Tone } from '../../parts/Tone.tsx';
import { risks } from './risks.ts';
import classes from './Schema.module.css';

const manyLines = 16;

type Props = {
  step: StepFragment;
  number: number;
  /** instead of "Step 1" */
  title?: string | undefined;
  /** names of the differences that it ends */
  ends?: readonly string[];
  /** absent where nothing can be chosen */
  choice?: { chosen: boolean; choose: (chosen: boolean) => void } | undefined;
  /** what became of it */
  state?: ReactNode;
};

/** One statement of a plan: what runs, what it locks, for how long, what it risks, and how it is taken back. */
export function Step({ step: { sql, risk, lock, note, estimatedMs, undo, error }, number, title = `Step ${number}`, ends = [], choice, state }: Props) {
  return (
    <li>
      <div className={classes['head']}>
        {choice ? <CheckField label={title} checked={choice.chosen} onChange={(event) => choice.choose(event.currentTarget.checked)} /> : <strong>{title}</strong>}
        <Tone tone={risks[risk]}>{words(risk)}</Tone>
        <span className={classes['kind']}>
          {lock === 'none' ? 'takes no lock' : `takes ${lock}`}
          {estimatedMs !== null && `, about ${machineTime(estimatedMs)}`}
        </span>
        {state && <span className={classes['since']}>{state}</span>}
      </div>
      <Sql sql={sql} title={title} />
      {error && <p className={classes['failed']}>{error}</p>}
      {note && <p className={classes['message']}>{note}</p>}
      {(ends.length > 0 || undo) && (
        <dl className={classes['comparison']}>
          {ends.length > 0 && (
            <>
              <dt>Ends</dt>
              <dd>{ends.join(', ')}</dd>
            </>
          )}
          {undo && (
            <>
              <dt>Undo</dt>
              <dd>
                <Code>{undo}</Code>
              </dd>
            </>
          )}
        </dl>
      )}
    </li>
  );
}

/** The whole statement; a long one is unfolded by whoever wants to read it. */
function Sql({ sql, title }: { sql: string; title: string }) {
  const lines = sql.split('\n').length;
  const code = (
    <Code block className={classes['sql'] ?? ''}>
      {sql}
    </Code>
  );
  if (lines <= manyLines) return code;
  return (
    <details className={classes['more']}>
      <summary aria-label={`${count(lines)} lines of SQL: ${title}`}>{count(lines)} lines of SQL</summary>
      {code}
    </details>
  );
}
