import type { ReactNode } from 'react';
import { words } from './format.ts';
import classes from './Choices.module.css';

/** One filter: the values that it knows, and the one chosen of them. */
export type Choice<Value extends string> = {
  name: string;
  values: readonly Value[];
  chosen: readonly Value[] | undefined;
  choose: (chosen: Value[] | undefined) => void;
};

/** A native select: quick, small, and at home on every keyboard and telephone. */
export function Select<Value extends string>({ name, values, chosen, choose, any = 'Any', say = words }: Choice<Value> & { any?: string; say?: (value: Value) => string }) {
  const value = chosen?.[0] ?? '';
  return (
    <label className={classes['choice']}>
      <span>{name}</span>
      <select
        value={value}
        onChange={(event) => {
          const next = values.find((known) => known === event.currentTarget.value);
          choose(next && [next]);
        }}
      >
        <option value="">{any}</option>
        {values.map((known) => (
          <option key={known} value={known}>
            {say(known)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Filters side by side. */
export function FilterBar({ children }: { children: ReactNode }) {
  return (
    <div className={classes['bar']} role="search">
      {children}
    </div>
  );
}
