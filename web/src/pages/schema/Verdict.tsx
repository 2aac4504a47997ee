import { Code } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { machineTime, words } from '../../parts/format.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Time } from '../../parts/Time.tsx';
import { Tone } from '../../parts/Tone.tsx';
import { verdictTone } from '../../parts/verdict.ts';
import classes from './Schema.module.css';
import type { Health } from './useHealth.ts';

const icons = { good: IconCircleCheck, warn: IconAlertTriangle, bad: IconCircleX };

/** What the newest check says, in one sentence; and of when everything below is, when that check could not read it. */
export function Verdict({ now, known, action }: { now: Health; known: Health; action: ReactNode }) {
  const tone = verdictTone[now.status];
  const Icon = icons[tone];
  return (
    <>
      <section className={classes['verdict']} data-tone={tone} aria-label="Verdict">
        <Icon size={28} aria-hidden />
        <div>
          {/* The sentence alone is read out when it changes; the ages beside it change all the time. */}
          <p className={classes['sentence']} role="status">
            {sentence(now.summary)}
          </p>
          <p className={classes['meta']}>
            <Tone tone={tone}>{words(now.status)}</Tone>
            <span>
              checked <Time at={now.checkedAt} /> in {machineTime(now.durationMs)}
            </span>
            <span>
              policy <strong>{words(now.policy).toLowerCase()}</strong>: {policies[now.policy]}
            </span>
          </p>
          {now.error && now.error !== now.summary && (
            <p>
              <Code>{now.error}</Code>
            </p>
          )}
        </div>
        {action}
      </section>
      {known !== now && (
        <Notice tone="warn" title={`What stands below is from the last good check: ${words(known.status).toLowerCase()}`}>
          <p>{sentence(known.summary)}</p>
        </Notice>
      )}
      {known !== now && (
        <p className={classes['asOf']}>
          As of <Time at={known.checkedAt} exact />, <Time at={known.checkedAt} />. It is checked again every few seconds; this page follows by itself.
        </p>
      )}
      {known === now && now.database === null && (
        <p className={classes['asOf']}>Nothing is known of the schema yet. It is checked again every few seconds; this page follows by itself.</p>
      )}
    </>
  );
}

const policies: Record<Health['policy'], string> = {
  STRICT: 'a server does not start on a schema that cannot work',
  DEGRADE: 'what cannot work is refused, the rest is served',
  MIGRATE: 'a server migrates before it starts',
};

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
