import { Link } from '@tanstack/react-router';
import type { JobFailuresQuery } from '../../graphql/graphql.ts';
import { count } from '../../parts/format.ts';
import table from '../../parts/parts.module.css';
import { Table } from '../../parts/Table.tsx';

type JobFailure = NonNullable<NonNullable<JobFailuresQuery['job']>['failures']>['nodes'][number];

/** Target by target: which, why, after how many tries; of an import which line, and what stood there. */
export function FailureTable({ failures, isImport }: { failures: readonly JobFailure[]; isImport: boolean }) {
  return (
    <Table of="failures" label="Failures, target by target" columns={isImport ? ['Line', 'Column', 'Reason', 'What stands there'] : ['Target', 'Reason', { head: 'Attempts', isNumber: true }]}>
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
    </Table>
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
