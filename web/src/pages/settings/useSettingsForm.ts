import { useClient } from 'urql';
import { refetch } from '../../api/activeQueries.ts';
import { useViewer } from '../../api/useViewer.ts';
import { SettingsDocument, type UpdateSettingsInput, UpdateSettingsDocument } from '../../graphql/graphql.ts';
import { toast } from '../../parts/toasts.ts';
import type { Edits, Texts } from '../../parts/form/useEdits.ts';
import { type FormState, type SaveOutcome, useForm } from '../../parts/form/useForm.ts';
import type { Settings } from './useSettings.ts';

/** Of each setting only what changes; null brings a default back. */
export type SettingsChange = Omit<UpdateSettingsInput, 'updatedAt'>;

interface Options {
  settings: Settings;
  /** the fields of the form, named by their paths: followUp.maximum */
  stored: Texts;
  check?: (name: string, text: string) => string | null;
  /** what was changed, as the mutation takes it */
  toChange: (edits: Edits) => SettingsChange;
}

/**
 * Saves settings and reads them again; what others have changed since answers STALE, and is shown.
 * @returns `said` is told when it worked; `back` is what takes it back
 */
export function useSaveSettings({ updatedAt }: Pick<Settings, 'updatedAt'>) {
  const client = useClient();
  const send = (input: UpdateSettingsInput) => client.mutation(UpdateSettingsDocument, { input }).toPromise();

  async function undo(change: SettingsChange) {
    const { data } = await send(change);
    toast(data?.updateSettings.settings ? 'Taken back' : 'It could not be taken back');
    refetch(client, ['Settings']);
  }

  return async (change: SettingsChange, said: string, back?: SettingsChange): Promise<SaveOutcome> => {
    const { data, error } = await send({ ...change, updatedAt });
    const refusals = data?.updateSettings.userErrors ?? [];
    if (!error) await client.query(SettingsDocument, {}, { requestPolicy: 'network-only' }).toPromise();
    if (!error && refusals.length === 0) toast(said, back && { label: 'Undo', run: () => void undo(back) });
    return { refusals, error };
  };
}

/** A form over settings. */
export function useSettingsForm({ settings, stored, check, toChange }: Options): FormState {
  const save = useSaveSettings(settings);
  const { may } = useViewer();
  return useForm({ stored, check, locked: !may('ADMIN'), send: (edits) => save(toChange(edits), 'Settings saved') });
}
