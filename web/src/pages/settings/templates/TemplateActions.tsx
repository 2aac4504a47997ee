import { Button } from '@mantine/core';
import { useRef } from 'react';
import { useClient } from 'urql';
import { useViewer } from '../../../api/useViewer.ts';
import { refetch } from '../../../api/activeQueries.ts';
import { CreateTemplateDocument, DeleteTemplateDocument, type TemplateFieldsFragment } from '../../../graphql/graphql.ts';
import { Tone } from '../../../parts/Tone.tsx';
import { toast } from '../../../parts/toasts.ts';
import { Outcome } from '../../../parts/form/Outcome.tsx';
import { useAction } from '../../../parts/form/useAction.ts';
import type { SaveOutcome } from '../../../parts/form/useForm.ts';
import { useSaveSettings } from '../useSettingsForm.ts';
import type { Settings } from '../useSettings.ts';
import { defaultOf, isDefault } from './defaults.ts';
import classes from './Templates.module.css';

type Props = { template: TemplateFieldsFragment; unsaved: boolean; settings: Settings | undefined; go: (id: string | undefined) => void };

/** Makes a template the default of its channel, or deletes it. */
export function TemplateActions({ template, unsaved, settings, go }: Props) {
  const client = useClient();
  const { may } = useViewer();
  const saveSettings = useSaveSettings({ updatedAt: settings?.updatedAt ?? null });
  const { busy, outcome, run } = useAction();
  const actions = useRef<HTMLDivElement>(null);
  const { channel, name, subject, body } = template;
  const holds = settings && isDefault(template, settings);

  async function makeDefault(): Promise<SaveOutcome> {
    if (!settings) return {};
    const { setting, textOf } = defaultOf(channel);
    const change = (text: { subject: string | null; body: string }) => ({ [setting]: channel === 'EMAIL' ? text : { body: text.body } });
    actions.current?.focus();
    return saveSettings(change({ subject, body }), `“${name}” is the default now`, change(textOf(settings)));
  }

  async function remove(): Promise<SaveOutcome> {
    const { data, error } = await client.mutation(DeleteTemplateDocument, { id: template.id }).toPromise();
    const refusals = data?.deleteTemplate.userErrors ?? [];
    if (error || refusals.length > 0) return { refusals, error };
    refetch(client, ['Templates']);
    go(undefined);
    toast(`Template “${name}” deleted`, {
      label: 'Undo',
      run: () => void bringBack(),
    });
    return {};
  }

  async function bringBack() {
    const { data } = await client.mutation(CreateTemplateDocument, { input: { name, channel, subject, body } }).toPromise();
    const refusal = data?.createTemplate.userErrors[0]?.message ?? 'The server does not answer.';
    toast(data?.createTemplate.template ? `Template “${name}” is back` : `Template “${name}” is not back: ${refusal}`);
    refetch(client, ['Templates']);
  }

  return (
    <>
      <div ref={actions} className={classes['actions']} tabIndex={-1}>
        {holds && <Tone tone="good">Default of its channel</Tone>}
        {!holds && may('ADMIN') && settings && (
          <Button size="xs" variant="default" loading={busy} disabled={unsaved} title={unsaved ? 'Save the changes first' : undefined} onClick={() => void run(makeDefault)}>
            Make it the default
          </Button>
        )}
        {may('OPERATOR') && (
          <Button size="xs" variant="light" color="red" loading={busy} disabled={unsaved} title={unsaved ? 'Save or discard the changes first' : undefined} onClick={() => void run(remove)}>
            Delete
          </Button>
        )}
      </div>
      <Outcome of={outcome} />
    </>
  );
}
