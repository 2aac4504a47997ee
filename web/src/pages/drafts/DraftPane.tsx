import { useEffect, useRef } from 'react';
import { useViewer } from '../../api/useViewer.ts';
import { useCommands } from '../../keys/useCommands.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { UserErrors } from '../../parts/UserErrors.tsx';
import { ChangedWhileRead } from './Changed.tsx';
import { DraftActions, editable } from './DraftActions.tsx';
import { DraftEditor } from './DraftEditor.tsx';
import { DraftHead } from './DraftHead.tsx';
import classes from './Drafts.module.css';
import { EarlierTexts } from './EarlierTexts.tsx';
import { Problems, Readdress } from './Obstacles.tsx';
import { Preview } from './Preview.tsx';
import { nameOf, type ReadDraft, readDraft } from './readDraft.ts';
import { RecipientFacts } from './RecipientFacts.tsx';
import { textOf, useDraft } from './useDraft.ts';
import { useEditing } from './useEditing.ts';

type Props = {
  id: string;
  /** whom it is for, where the list already knows it */
  name: string | undefined;
  /** why the last decision about this draft was not carried out */
  refusal: string | undefined;
  busy: boolean;
  /** A and R are about it, not about a selection in the list */
  hasKeys: boolean;
  decide: (draft: ReadDraft, decision: 'APPROVE' | 'REJECT' | 'REOPEN') => void;
  send: (draft: ReadDraft) => void;
  close: () => void;
};

/** One draft: to be read as its recipient will, decided on, and changed in place. Mount it anew for another one. */
export function DraftPane({ id, name, refusal, busy, hasKeys, decide, send, close }: Props) {
  const reading = useDraft(id);
  const heading = useRef<HTMLHeadingElement>(null);
  const editing = useEditing(reading, () => heading.current?.focus());
  const { answer, latest, read } = reading;
  const mayEdit = useViewer().may('OPERATOR');
  // A refusal may be for what nobody has told this page yet.
  const readAgain = useRef(answer.again);
  readAgain.current = answer.again;
  useEffect(() => {
    if (refusal) readAgain.current();
  }, [refusal]);

  const canEdit = mayEdit && latest !== undefined && editable.includes(latest.status);
  const edit = () => {
    if (read && canEdit) editing.begin(textOf(read));
  };
  const act = (decision: 'APPROVE' | 'REJECT' | 'REOPEN') => {
    if (read) decide(readDraft(read), decision);
  };
  const isUndecided = latest?.status === 'PENDING_REVIEW';
  useCommands('This draft', editing.mine ? [] : [
    ...(canEdit ? [{ keys: 'e', label: 'Edit', run: edit }] : []),
    ...(canEdit && hasKeys && isUndecided ? [
      { keys: 'a', label: 'Approve, and open the next one', run: () => act('APPROVE') },
      { keys: 'r', label: 'Reject, and open the next one', run: () => act('REJECT') },
    ] : []),
    { keys: 'Escape', label: 'Close', run: close },
  ]);

  return (
    <div className={classes['pane']}>
      <DraftHead draft={latest} name={name} heading={heading} />
      {!answer.value && !answer.fetching && !answer.error && (
        <Empty title="There is no such draft">
          <p>It may have been deleted together with its prospect.</p>
        </Empty>
      )}
      <Answered of={answer} what="the draft" rows={8}>
        {(newest) => {
          const draft = read ?? newest;
          return (
            <>
              {refusal && (
                <Notice tone="bad" title="Nothing was decided">
                  <p>{refusal}</p>
                </Notice>
              )}
              {newest.reviewReason && (
                <Notice tone="warn" title="Why it was rejected">
                  <p dir="auto">{newest.reviewReason}</p>
                </Notice>
              )}
              {editing.mine ? (
                <DraftEditor draft={newest} latest={newest} mine={editing.mine} editing={editing} />
              ) : (
                <>
                  {reading.isChanged && <ChangedWhileRead read={draft} latest={newest} readOn={() => reading.readOn()} />}
                  <Problems problems={draft.problems} />
                  <Readdress draft={newest} addressAnew={canEdit ? editing.addressAnew : undefined} busy={editing.busy} />
                  <UserErrors errors={editing.refusals} />
                  {editing.failure && <Failure title="The draft was not saved" error={editing.failure} />}
                  {mayEdit && (
                    <DraftActions
                      status={newest.status}
                      name={nameOf(newest)}
                      busy={busy}
                      approve={() => act('APPROVE')}
                      reject={() => act('REJECT')}
                      reopen={() => act('REOPEN')}
                      edit={edit}
                      send={() => send(readDraft(draft))}
                    />
                  )}
                  <Preview draft={draft} text={textOf(draft)} />
                  <EarlierTexts draft={newest} use={canEdit ? editing.begin : undefined} />
                </>
              )}
              <RecipientFacts draft={newest} />
            </>
          );
        }}
      </Answered>
    </div>
  );
}
