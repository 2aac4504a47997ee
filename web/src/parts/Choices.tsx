import { type ReactNode, useEffect, useState } from 'react';
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

type Typed = { name: string; type: 'number' | 'date'; value: string | undefined; change: (value: string | undefined) => void; min?: number | string | undefined; max?: string | undefined };

/** A value that is typed, and taken when it is whole: when the field is left, or on Enter. */
export function TypedChoice({ name, type, value = '', change, ...limits }: Typed) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const take = () => typed !== value && change(typed || undefined);
  return (
    <label className={classes['choice']}>
      <span>{name}</span>
      <input
        type={type}
        value={typed}
        {...limits}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => event.key === 'Enter' && take()}
      />
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
