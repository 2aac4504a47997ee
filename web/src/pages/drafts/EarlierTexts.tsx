import { Button } from '@mantine/core';
import { plural } from '../../parts/format.ts';
import table from '../../parts/parts.module.css';
import { Time } from '../../parts/Time.tsx';
import classes from './Drafts.module.css';
import { TextDiff } from './TextDiff.tsx';
import { type FullDraft, type Text, textOf } from './useDraft.ts';

type Props = { draft: FullDraft; /** puts an earlier text into the editor; absent where nothing may be changed */ use?: ((text: Text) => void) | undefined };

/** What the draft said before, and what was changed since. */
export function EarlierTexts({ draft, use }: Props) {
  const { versions } = draft;
  if (!versions || versions.length === 0) return null;
  return (
    <details className={classes['details']}>
      <summary>{plural(versions.length, 'earlier version')}</summary>
      {versions.map((earlier) => (
        <details key={earlier.version} className={classes['earlier']}>
          <summary>
            Version {earlier.version}
            <span className={table['aside']}>
              , until {earlier.replacedBy} changed it <Time at={earlier.replacedAt} />
            </span>
          </summary>
          <TextDiff before={textOf(earlier)} after={textOf(draft)} names={{ before: `Version ${earlier.version}`, after: `Version ${draft.version}` }} />
          {use && (
            <Button size="compact-sm" variant="default" mt="xs" onClick={() => use(textOf(earlier))}>
              Edit version {earlier.version}
            </Button>
          )}
        </details>
      ))}
    </details>
  );
}
