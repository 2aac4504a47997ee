import choices from '../../../parts/Choices.module.css';
import { count } from '../../../parts/format.ts';
import { type Change, type ProspectsSearch, rowsPerPage } from '../search.ts';
import classes from './Panel.module.css';

/** How many rows stand on a page. */
export function RowsPerPage({ rows, change }: { rows: ProspectsSearch['rows']; change: Change }) {
  return (
    <label className={`${choices['choice']} ${classes['rows']}`}>
      <span>Rows per page</span>
      <select
        value={rows ?? rowsPerPage[0]}
        onChange={(event) => {
          const chosen = rowsPerPage.find((one) => one === event.currentTarget.value);
          change({ rows: chosen === rowsPerPage[0] ? undefined : chosen });
        }}
      >
        {rowsPerPage.map((one) => (
          <option key={one} value={one}>
            {count(Number(one))}
          </option>
        ))}
      </select>
    </label>
  );
}
