import { Code } from '@mantine/core';
import type { ReactNode } from 'react';
import type { DriftFragment } from '../../graphql/graphql.ts';
import { Time } from '../../parts/Time.tsx';
import classes from './Schema.module.css';

/** Both sides of a difference, what the rows say, and who made it. */
export function Comparison({ drift: { expected, actual, evidence, sqlState, change, since } }: { drift: DriftFragment }) {
  return (
    <dl className={classes['comparison']}>
      {expected && (
        <Fact name="Expected">
          <Code>{expected}</Code>
        </Fact>
      )}
      {(expected || actual) && <Fact name="Found">{actual ? <Code>{actual}</Code> : 'nothing'}</Fact>}
      <Fact name="Evidence">{evidence ?? 'the rows were not counted for this'}</Fact>
      {sqlState && (
        <Fact name="Error">
          operations meet SQLSTATE <Code>{sqlState}</Code>
        </Fact>
      )}
      {since && (
        <Fact name="First seen">
          <Time at={since} exact />
        </Fact>
      )}
      <Fact name="Changed by">
        {change ? (
          <>
            <bdi>{change.user}</bdi>
            {change.applicationName && (
              <>
                {' '}
                with <bdi>{change.applicationName}</bdi>
              </>
            )}
            , <Time at={change.at} exact />
            {change.statement && (
              <Code block className={classes['sql'] ?? ''}>
                {change.statement}
              </Code>
            )}
          </>
        ) : (
          'not known: the journal has no entry about it'
        )}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
