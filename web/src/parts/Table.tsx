import type { ReactNode } from 'react';
import parts from './parts.module.css';
import { Scroll } from './Scroll.tsx';
import { VisuallyHidden } from './VisuallyHidden.tsx';

export interface Column {
  head: ReactNode;
  isNumber?: boolean;
  className?: string | undefined;
}

/** Of buttons, whose words say enough to who sees them. */
export const actions: Column = { head: <VisuallyHidden>Actions</VisuallyHidden> };

/** Rows under the heads of their columns, in a frame of their own that scrolls sideways. */
export function Table({ of, label, columns, className, children }: {
  /** what the rows are, in the plural */
  of: string;
  label?: string;
  /** a column's words, or how else it looks */
  columns: readonly (string | Column)[];
  className?: string | undefined;
  /** rows */
  children: ReactNode;
}) {
  return (
    <Scroll label={`Table of ${of}`}>
      <table className={className ? `${parts['table']} ${className}` : parts['table']} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column, index) => {
              const { head, isNumber, className } = typeof column === 'string' ? { head: column } as Column : column;
              return (
                <th key={index} scope="col" className={className} data-number={isNumber}>
                  {head}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Scroll>
  );
}
