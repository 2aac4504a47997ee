import { useClient } from 'urql';
import { useViewer } from '../../../api/useViewer.ts';
import { refetch } from '../../../api/activeQueries.ts';
import { type Channel, CreateTemplateDocument } from '../../../graphql/graphql.ts';
import { Form, SelectField } from '../../../parts/Field.tsx';
import { NotAllowed } from '../../../parts/NotAllowed.tsx';
import { toast } from '../../../parts/toasts.ts';
import { useUnsaved } from '../../../parts/useUnsaved.tsx';
import { FormText } from '../../../parts/form/fields.tsx';
import { SaveBar } from '../../../parts/form/SaveBar.tsx';
import { useForm } from '../../../parts/form/useForm.ts';
import { PreviewFor } from './PreviewFor.tsx';
import { TemplateFields } from './TemplateFields.tsx';
import classes from './Templates.module.css';

const blank = { name: '', channel: 'EMAIL', subject: '', body: '' };

/** A template that is about to be kept under a name. */
export function NewTemplate({ created }: { created: (id: string) => void }) {
  const client = useClient();
  const { may } = useViewer();
  const form = useForm({
    stored: blank,
    locked: !may('OPERATOR'),
    send: async ({ text }) => {
      const isMail = text('channel') === 'EMAIL';
      const input = { name: text('name'), channel: text('channel') as Channel, subject: isMail ? text('subject') : null, body: text('body') };
      const { data, error } = await client.mutation(CreateTemplateDocument, { input }).toPromise();
      const template = data?.createTemplate.template;
      if (template) {
        refetch(client, ['Templates']);
        toast(`Template “${template.name}” saved`);
        release();
        created(template.id);
      }
      return { refusals: data?.createTemplate.userErrors, error };
    },
  });
  const { dialog, release } = useUnsaved({ unsaved: form.changed.length > 0, what: 'the new template', parameters: ['tab', 'open'] });
  const channel = form.text('channel') as Channel;
  return (
    <Form onSubmit={(event) => event.preventDefault()} className={classes['detail']}>
      <h2>New template</h2>
      <NotAllowed role="OPERATOR" what="write templates" />
      <FormText form={form} name="name" label="Name" hint="Unique; 200 characters at most." dir="auto" />
      <SelectField label="Channel" value={channel} onChange={(event) => form.set({ channel: event.currentTarget.value })}>
        <option value="EMAIL">E-mail</option>
        <option value="SOCIAL">Social</option>
      </SelectField>
      <TemplateFields form={form} channel={channel} names={channel === 'EMAIL' ? { subject: 'subject', body: 'body' } : { body: 'body' }} />
      {!form.locked && <SaveBar form={form} what="the template" />}
      <PreviewFor channel={channel} subjectTemplate={channel === 'EMAIL' ? form.text('subject') : undefined} bodyTemplate={form.text('body')} />
      {dialog}
    </Form>
  );
}
