import type { ReactNode } from 'react';
import type { Answer } from '../api/useAnswer.ts';
import { Failure } from './Failure.tsx';
import { Loading } from './Loading.tsx';
import { Time } from './Time.tsx';

type Props<Value> = {
  of: Answer<Value>;
  /** as in "the list of prospects" */
  what: string;
  /** how many lines the place of what is on its way has */
  rows?: number;
  children: (value: Value) => ReactNode;
};

/**
 * The states of what was asked: on its way; failed, with the reason and what was last known, and of when; there.
 * That there is nothing is for `children` to say, because only they know the next step.
 */
export function Answered<Value>({ of: { value, at, error, fetching, again }, what, rows, children }: Props<Value>) {
  return (
    <>
      {error && (
        <Failure title={`${what.charAt(0).toUpperCase()}${what.slice(1)} could not be read`} error={error} retry={again}>
          {value !== undefined && (
            <p>
              What stands here was read <Time at={at} />.
            </p>
          )}
        </Failure>
      )}
      {value === undefined && fetching && !error && <Loading what={what} rows={rows} />}
      {value !== undefined && children(value)}
    </>
  );
}
