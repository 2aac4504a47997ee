import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useCommands } from '../../keys/useCommands.ts';
import { Dialog } from '../../parts/Dialog.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { Form, FormActions, TextArea, TextField } from '../../parts/Field.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { useUnsaved } from '../../parts/useUnsaved.tsx';
import { UserErrors } from '../../parts/UserErrors.tsx';
import { ConflictChoice } from './Changed.tsx';
import { Preview } from './Preview.tsx';
import type { FullDraft, Text } from './useDraft.ts';
import type { useEditing } from './useEditing.ts';

type Props = { draft: FullDraft; latest: FullDraft; mine: Text; editing: ReturnType<typeof useEditing> };

/** The text of a draft, to be changed, and below it what becomes of it. */
export function DraftEditor({ draft, latest, mine, editing }: Props) {
  const { isDirty, isConflict, isAsking, busy, failure, refusals } = editing;
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const [discards, setDiscards] = useState(false);
  const { dialog, release } = useUnsaved({ unsaved: isDirty, what: 'the changes of this draft', parameters: ['open'] });
  const cancel = () => (isDirty ? setDiscards(true) : editing.end());
  useCommands('Editing a draft', [
    { keys: 'mod+s', label: 'Save', run: editing.save },
    { keys: 'Escape', label: 'Stop editing', run: cancel, listens: false },
  ]);
  const choice = <ConflictChoice latest={latest} mine={mine} keepMine={editing.saveOver} takeTheirs={editing.takeTheirs} busy={busy} />;
  return (
    <>
      {isConflict && !isAsking && (
        <Notice tone="warn" title="Somebody changed this draft while you were writing">
          {choice}
        </Notice>
      )}
      <Form
        aria-label="Edit the draft"
        onKeyDown={(event) => {
          if (event.key === 'Escape' && !event.nativeEvent.isComposing) cancel();
        }}
        onSubmit={(event) => {
          event.preventDefault();
          editing.save();
        }}
      >
        {mine.subject !== null && (
          <TextField label="Subject" value={mine.subject} dir="auto" onChange={({ currentTarget }) => editing.type({ subject: currentTarget.value })} />
        )}
        <TextArea
          label="Text"
          value={mine.body}
          rows={Math.min(18, Math.max(8, mine.body.split('\n').length + 2))}
          dir="auto"
          ref={field}
          onChange={({ currentTarget }) => editing.type({ body: currentTarget.value })}
        />
        <UserErrors errors={refusals} title="The draft was not saved" />
        {failure && <Failure title="The draft was not saved" error={failure} />}
        <FormActions>
          <Button variant="default" size="xs" onClick={cancel}>
            Cancel
          </Button>
          <Button type="submit" size="xs" loading={busy}>
            Save
          </Button>
        </FormActions>
        {latest.status !== 'PENDING_REVIEW' && <p>It is {latest.status.toLowerCase()} now; once it is saved it waits for a review again.</p>}
      </Form>
      <Preview draft={draft} text={mine} />
      <Dialog title="Save over a newer version?" opened={isAsking} close={() => editing.ask(false)}>
        {isConflict ? choice : <p role="status">Reading what the draft says now …</p>}
        <FormActions>
          <Button variant="default" data-autofocus onClick={() => editing.ask(false)}>
            Keep editing
          </Button>
        </FormActions>
      </Dialog>
      <Dialog title="Discard what you typed?" opened={discards} close={() => setDiscards(false)}>
        <FormActions>
          <Button
            variant="default"
            onClick={() => {
              release();
              editing.end();
            }}
          >
            Discard
          </Button>
          <Button data-autofocus onClick={() => setDiscards(false)}>
            Keep editing
          </Button>
        </FormActions>
      </Dialog>
      {dialog}
    </>
  );
}
