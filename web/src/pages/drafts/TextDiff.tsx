import { useMemo } from 'react';
import classes from './TextDiff.module.css';
import { diff } from './diff.ts';
import type { Text } from './useDraft.ts';

type Props = { before: Text; after: Text; /** what each of the two is, as in "theirs" */ names: { before: string; after: string } };

/** What turns one text into another: what goes is struck out, what comes is underlined. */
export function TextDiff({ before, after, names }: Props) {
  return (
    <figure className={classes['diff']}>
      <figcaption>
        <del>{names.before}</del> <ins>{names.after}</ins>
      </figcaption>
      {before.subject !== after.subject && <Pieces before={before.subject ?? ''} after={after.subject ?? ''} isSubject />}
      <Pieces before={before.body} after={after.body} />
    </figure>
  );
}

function Pieces({ before, after, isSubject = false }: { before: string; after: string; isSubject?: boolean }) {
  const pieces = useMemo(() => diff(before, after), [before, after]);
  return (
    <p data-subject={isSubject || undefined} dir="auto">
      {pieces.map(({ kind, text }, place) => {
        if (kind === 'removed') return <del key={place}>{text}</del>;
        return kind === 'added' ? <ins key={place}>{text}</ins> : <span key={place}>{text}</span>;
      })}
    </p>
  );
}
