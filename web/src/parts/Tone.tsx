import type { ReactNode } from 'react';
import classes from './parts.module.css';

/** What a state means to the reader; it never stands in colour alone. */
export type ToneName = 'good' | 'warn' | 'bad' | 'quiet';

/** A small label for a state; `moving` breathes while something is at work. */
export function Tone({ tone, moving = false, children }: { tone: ToneName; moving?: boolean; children: ReactNode }) {
  return (
    <span className={classes['tone']} data-tone={tone} data-moving={moving || undefined}>
      {children}
    </span>
  );
}
