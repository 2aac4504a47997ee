import { Link } from '@tanstack/react-router';
import type { RefObject } from 'react';
import { words } from '../../parts/format.ts';
import { Time } from '../../parts/Time.tsx';
import classes from './Drafts.module.css';
import { DraftTone } from './DraftTone.tsx';
import { nameOf } from './readDraft.ts';
import type { FullDraft } from './useDraft.ts';

type Props = {
  draft: FullDraft | undefined;
  /** whom it is for, where the list already knows it */
  name: string | undefined;
  heading: RefObject<HTMLHeadingElement | null>;
};

/** Whom a draft is for, how far it has come, and what wrote it. */
export function DraftHead({ draft, name = 'Draft', heading }: Props) {
  return (
    <header className={classes['head']}>
      <h2 ref={heading} tabIndex={-1}>
        <bdi>{draft ? nameOf(draft) : name}</bdi>
      </h2>
      {draft && <Facts draft={draft} />}
    </header>
  );
}

function Facts({ draft: { status, isFollowUp, version, updatedAt, job } }: { draft: FullDraft }) {
  return (
    <p>
      <DraftTone status={status} />
      {isFollowUp && <span>Follow-up</span>}
      <span>Version {version}</span>
      <Time at={updatedAt} />
      {job && (
        <Link to="/jobs/$id" params={{ id: job.id }}>
          {words(job.type)} job
        </Link>
      )}
    </p>
  );
}
