import { type CombinedError, useClient } from 'urql';
import { SettingsDocument, type UpdateSettingsInput, UpdateSettingsDocument } from '../../graphql/graphql.ts';
import { toast } from '../../parts/toasts.ts';
import { type Edits, type Texts } from './form/useEdits.ts';
import { type FormState, type SaveOutcome, useForm } from './form/useForm.ts';
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

/** Saves settings and reads them again; what others have changed since answers STALE, and is shown. */
export function useSaveSettings(settings: Pick<Settings, 'updatedAt'>): (change: SettingsChange) => Promise<SaveOutcome> {
  const client = useClient();
  return async (change) => {
    const { data, error } = await client.mutation(UpdateSettingsDocument, { input: { ...change, updatedAt: settings.updatedAt } }).toPromise();
    const refusals = data?.updateSettings.userErrors ?? [];
    if (!error) await client.query(SettingsDocument, {}, { requestPolicy: 'network-only' }).toPromise();
    if (!error && refusals.length === 0) toast('Settings saved');
    return { refusals, error: error as CombinedError | undefined };
  };
}

/** A form over settings. */
export function useSettingsForm({ settings, stored, check, toChange }: Options): FormState {
  const save = useSaveSettings(settings);
  return useForm({ stored, check, send: (edits) => save(toChange(edits)) });
}
