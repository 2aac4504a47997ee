import { Button } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { useCommands } from '../../keys/useCommands.ts';
import { Failure } from '../Failure.tsx';
import { Time } from '../Time.tsx';
import { UserErrors } from '../UserErrors.tsx';
import classes from './Form.module.css';
import { useFocusOnWrong } from './useFocusOnWrong.ts';
import type { FormState } from './useForm.ts';

type Props = {
  form: FormState;
  /** as in "the sending settings" */
  what: string;
  /** when it was changed last, and by whom */
  settings?: { updatedAt: string | null; updatedBy: string | null };
  children?: ReactNode;
};

/** The end of a form: what is not saved yet, why a save did not work, and the buttons. It stays in sight while something is unsaved. */
export function SaveBar({ form, what, settings, children }: Props) {
  const bar = useRef<HTMLDivElement>(null);
  const saveButton = useRef<HTMLButtonElement>(null);
  const { changed, refusals, failure, saving, locked, save, discard, theirs } = form;
  const overwrites = changed.some((name) => theirs(name) !== undefined);

  useFocusOnWrong(form, bar);
  useCommands('Form', locked ? [] : [{ keys: 'mod+s', label: `Save ${what}`, run: () => void save() }]);
  return (
    <div ref={bar} className={classes['bar']} data-unsaved={changed.length > 0 || undefined}>
      <UserErrors errors={refusals} title="Nothing was saved" />
      {failure && <Failure title="Nothing was saved" error={failure} />}
      <div className={classes['buttons']}>
        <span>
          {changed.length > 0 && 'Not saved yet.'}
          {changed.length === 0 && settings?.updatedAt && (
            <>
              Settings last changed <Time at={settings.updatedAt} />
              {settings.updatedBy && <> by <bdi>{settings.updatedBy}</bdi></>}.
            </>
          )}
        </span>
        {children}
        {!locked && changed.length > 0 && (
          <Button
            variant="default"
            onClick={() => {
              discard();
              saveButton.current?.focus();
            }}
          >
            Discard
          </Button>
        )}
        {!locked && (
          <Button
            ref={saveButton}
            type="submit"
            aria-busy={saving}
            aria-disabled={changed.length === 0}
            data-disabled={changed.length === 0 || undefined}
            onClick={(event) => {
              event.preventDefault();
              void save();
            }}
          >
            {saving ? 'Saving …' : overwrites ? 'Save over theirs' : 'Save changes'}
          </Button>
        )}
      </div>
    </div>
  );
}
