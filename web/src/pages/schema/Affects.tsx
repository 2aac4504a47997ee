import classes from './Schema.module.css';

const shown = 8;

/** The operations and fields that cannot work, the operations first. */
export function Affects({ coordinates }: { coordinates: readonly string[] }) {
  if (coordinates.length === 0) return null;
  const sorted = operationsFirst(coordinates);
  return (
    <div className={classes['affects']}>
      <span>Affects</span>
      <List coordinates={sorted.slice(0, shown)} />
      {sorted.length > shown && (
        <details>
          <summary>{sorted.length - shown} more</summary>
          <List coordinates={sorted.slice(shown)} />
        </details>
      )}
    </div>
  );
}

/** All of them at once. */
export function Coordinates({ coordinates }: { coordinates: readonly string[] }) {
  return (
    <div className={classes['affects']}>
      <List coordinates={operationsFirst(coordinates)} />
    </div>
  );
}

function operationsFirst(coordinates: readonly string[]): string[] {
  const isOperation = (coordinate: string) => /^(Query|Mutation|Subscription)\./.test(coordinate);
  return [...coordinates.filter(isOperation), ...coordinates.filter((coordinate) => !isOperation(coordinate))];
}

function List({ coordinates }: { coordinates: readonly string[] }) {
  return (
    <ul>
      {coordinates.map((coordinate) => (
        <li key={coordinate}>{coordinate}</li>
      ))}
    </ul>
  );
}
