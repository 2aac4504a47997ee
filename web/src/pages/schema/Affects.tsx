import classes from './Schema.module.css';

const shown = 8;

/** The operations and fields that cannot work, the operations first. */
export function Affects({ coordinates }: { coordinates: readonly string[] }) {
  if (coordinates.length === 0) return null;
  const isOperation = (coordinate: string) => /^(Query|Mutation|Subscription)\./.test(coordinate);
  const sorted = [...coordinates.filter(isOperation), ...coordinates.filter((coordinate) => !isOperation(coordinate))];
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

function List({ coordinates }: { coordinates: readonly string[] }) {
  return (
    <ul>
      {coordinates.map((coordinate) => (
        <li key={coordinate}>{coordinate}</li>
      ))}
    </ul>
  );
}
