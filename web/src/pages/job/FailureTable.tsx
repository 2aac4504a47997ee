import { Link } from '@tanstack/react-router';
import type { JobFailuresQuery } from '../../graphql/graphql.ts';
import { count } from '../../parts/format.ts';
import table from '../../parts/parts.module.css';
import { Scroll } from '../../parts/Scroll.tsx';

type JobFailure = NonNullable<NonNullable<JobFailuresQuery['job']>['failures']>['nodes'][number];

/** Target by target: which, why, after how many tries; of an import which line, and what stood there. */
export function FailureTable({ failures, isImport }: { failures: readonly JobFailure[]; isImport: boolean }) {
  return (
    <Scroll label="Table of failures">
      <table className={table['table']} aria-label="Failures, target by target">
        <thead>
          <tr>
            <th scope="col">{isImport ? 'Line' : 'Target'}</th>
            {isImport && <th scope="col">Column</th>}
            <th scope="col">Reason</th>
            {isImport ? (
              <th scope="col">What stands there</th>
            ) : (
              <th scope="col" data-number>
                Attempts
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {failures.map((failure) => (
            <tr key={failure.id}>
              <td>
                <Target failure={failure} />
              </td>
              {isImport && <td>{failure.column ?? '–'}</td>}
              <td>
                {failure.message} <span className={table['mono']}>{failure.code}</span>
              </td>
              {isImport ? (
                <td className={table['mono']} dir="auto">
                  {failure.value ?? '–'}
                </td>
              ) : (
                <td data-number>{count(failure.attempts)}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Target({ failure: { target, line, value } }: { failure: JobFailure }) {
  const prospect = target && ('displayName' in target ? target.id : 'prospect' in target ? target.prospect?.id : undefined);
  const name = target && ('displayName' in target ? target.displayName : 'username' in target ? target.username : null);
  if (name && prospect) {
    return (
      <Link to="/prospects" search={{ open: prospect }}>
        <bdi>{name}</bdi>
      </Link>
    );
  }
  if (name) return <bdi>{name}</bdi>;
  if (line !== null) return count(line);
  return <bdi>{value ?? '–'}</bdi>;
}
