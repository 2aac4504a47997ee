import { Button } from '@mantine/core';
import { useClient } from 'urql';
import { useViewer } from '../../../api/useViewer.ts';
import { refetch } from '../../../api/activeQueries.ts';
import { CreateTemplateDocument, TemplateDetailDocument, type TemplateFieldsFragment, UpdateTemplateDocument } from '../../../graphql/graphql.ts';
import { Form } from '../../../parts/Field.tsx';
import { NotAllowed } from '../../../parts/NotAllowed.tsx';
import { Notice } from '../../../parts/Notice.tsx';
import { toast } from '../../../parts/toasts.ts';
import { useUnsaved } from '../../../parts/useUnsaved.tsx';
import { FormText } from '../../../parts/form/fields.tsx';
import { Outcome } from '../../../parts/form/Outcome.tsx';
import { SaveBar } from '../../../parts/form/SaveBar.tsx';
import { useAction } from '../../../parts/form/useAction.ts';
import { type SaveOutcome, useForm } from '../../../parts/form/useForm.ts';
import type { Settings } from '../useSettings.ts';
import { PreviewFor } from './PreviewFor.tsx';
import { TemplateActions } from './TemplateActions.tsx';
import { TemplateFields } from './TemplateFields.tsx';
import classes from './Templates.module.css';

type Props = {
  template: TemplateFieldsFragment;
  /** somebody has deleted it since it was read */
  gone: boolean;
  settings: Settings | undefined;
  go: (id: string | undefined) => void;
};

/** A template to read, to change, to make the default, to delete. */
export function TemplateEditor({ template, gone, settings, go }: Props) {
  const client = useClient();
  const { may } = useViewer();
  const isMail = template.channel === 'EMAIL';
  const form = useForm({
    locked: !may('OPERATOR'),
    stored: { name: template.name, body: template.body, ...(isMail && { subject: template.subject ?? '' }) },
    send: async ({ changed, text }) => {
      const changes = Object.fromEntries(changed.map((name) => [name, text(name)]));
      const { data, error } = await client.mutation(UpdateTemplateDocument, { input: { id: template.id, updatedAt: template.updatedAt, ...changes } }).toPromise();
      const refusals = data?.updateTemplate.userErrors ?? [];
      if (!error) await client.query(TemplateDetailDocument, { id: template.id }, { requestPolicy: 'network-only' }).toPromise();
      if (!error && refusals.length === 0) {
        refetch(client, ['Templates']);
        toast(`Template “${text('name')}” saved`);
      }
      return { refusals, error };
    },
  });
  const anew = useAction();
  const { dialog, release } = useUnsaved({ unsaved: form.changed.length > 0, what: 'the changes of this template', parameters: ['tab', 'open'] });

  async function keepAnew(): Promise<SaveOutcome> {
    const { data, error } = await client
      .mutation(CreateTemplateDocument, {
        input: { name: form.text('name'), channel: template.channel, subject: isMail ? form.text('subject') : null, body: form.text('body') },
      })
      .toPromise();
    const kept = data?.createTemplate.template;
    if (kept) {
      refetch(client, ['Templates']);
      release();
      go(kept.id);
    }
    return { refusals: data?.createTemplate.userErrors, error };
  }

  return (
    <Form onSubmit={(event) => event.preventDefault()} className={classes['detail']}>
      <h2 dir="auto">{template.name}</h2>
      {gone && (
        <Notice tone="warn" title="Somebody has deleted this template">
          <p>What stands here is kept nowhere else.</p>
          <Button size="xs" variant="default" mt="xs" onClick={() => void anew.run(keepAnew)}>
            Save it as a new template
          </Button>
          <Outcome of={anew.outcome} title="It was not saved" />
        </Notice>
      )}
      <NotAllowed role="OPERATOR" what="change templates" />
      {!gone && <TemplateActions template={template} unsaved={form.changed.length > 0} settings={settings} go={go} />}
      <FormText form={form} name="name" label="Name" dir="auto" />
      <TemplateFields form={form} channel={template.channel} names={isMail ? { subject: 'subject', body: 'body' } : { body: 'body' }} />
      {!form.locked && !gone && <SaveBar form={form} what="the template" />}
      <PreviewFor channel={template.channel} subjectTemplate={isMail ? form.text('subject') : undefined} bodyTemplate={form.text('body')} />
      {dialog}
    </Form>
  );
}
