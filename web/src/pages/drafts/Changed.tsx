import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Notice } from '../../parts/Notice.tsx';
import { Time } from '../../parts/Time.tsx';
import classes from './Drafts.module.css';
import { TextDiff } from './TextDiff.tsx';
import { type FullDraft, isSameText, type Text, textOf } from './useDraft.ts';

/** Another text has come while this one was read: what is different, and a way on. */
export function ChangedWhileRead({ read, latest, readOn }: { read: FullDraft; latest: FullDraft; readOn: () => void }) {
  return (
    <Notice tone="warn" title="This draft was changed while you read it">
      <p>
        Version {latest.version} was written <Time at={latest.updatedAt} />. Nothing is decided about it until you have read it.
      </p>
      <Difference before={textOf(read)} after={textOf(latest)} names={{ before: 'What you read', after: 'What it says now' }}>
        {latest.recipient !== read.recipient && (
          <p>
            It goes to {latest.recipient ?? 'nobody'} now, not to {read.recipient ?? 'nobody'}.
          </p>
        )}
      </Difference>
      <div className={classes['choice']}>
        <Button size="xs" onClick={readOn}>
          Read the new version
        </Button>
      </div>
    </Notice>
  );
}

type Conflict = { latest: FullDraft; mine: Text; keepMine: () => void; takeTheirs: () => void; busy: boolean };

/** What somebody else saved against what was typed here, and which of them shall stay. */
export function ConflictChoice({ latest, mine, keepMine, takeTheirs, busy }: Conflict) {
  return (
    <>
      <p>
        Version {latest.version} was saved <Time at={latest.updatedAt} />. What you typed is still here.
      </p>
      <Difference before={textOf(latest)} after={mine} names={{ before: 'Theirs', after: 'Mine' }} />
      <div className={classes['choice']}>
        <Button size="xs" variant="default" onClick={takeTheirs} disabled={busy}>
          Take theirs
        </Button>
        <Button size="xs" color="red" variant="light" onClick={keepMine} loading={busy}>
          Keep mine, save over it
        </Button>
      </div>
    </>
  );
}

function Difference({ before, after, names, children }: { before: Text; after: Text; names: { before: string; after: string }; children?: ReactNode }) {
  return (
    <>
      {children}
      {!isSameText(before, after) && <TextDiff before={before} after={after} names={names} />}
    </>
  );
}
