import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './parts.module.css';

const icons = { good: IconCircleCheck, warn: IconAlertTriangle, bad: IconCircleX };

/** A sentence that must be seen, in the place that it concerns. */
export function Notice({ tone, title, children }: { tone: 'good' | 'warn' | 'bad'; title: string; children?: ReactNode }) {
  const Icon = icons[tone];
  return (
    <div className={classes['notice']} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon size={20} aria-hidden />
      <div>
        <p>
          <strong>{title}</strong>
        </p>
        {children}
      </div>
    </div>
  );
}
