import { Button } from '@mantine/core';
import type { Channel } from '../../../graphql/graphql.ts';
import { useUnsaved } from '../../../parts/useUnsaved.tsx';
import { Outcome } from '../../../parts/form/Outcome.tsx';
import { SaveBar } from '../../../parts/form/SaveBar.tsx';
import { useAction } from '../../../parts/form/useAction.ts';
import { SettingsForm } from '../SettingsForm.tsx';
import type { Settings } from '../useSettings.ts';
import { useSaveSettings, useSettingsForm } from '../useSettingsForm.ts';
import { defaultOf } from './defaults.ts';
import { PreviewFor } from './PreviewFor.tsx';
import { TemplateFields } from './TemplateFields.tsx';
import classes from './Templates.module.css';

/** The text of a channel that holds where none is chosen. */
export function DefaultTemplate({ channel, settings }: { channel: Channel; settings: Settings }) {
  const { name, setting, textOf } = defaultOf(channel);
  const text = textOf(settings);
  const isMail = channel === 'EMAIL';
  const names = { body: `${setting}.body`, ...(isMail && { subject: `${setting}.subject` }) };
  const form = useSettingsForm({
    settings,
    stored: { [names.body]: text.body, ...(isMail && { [`${setting}.subject`]: text.subject ?? '' }) },
    toChange: ({ changed, text: typed }) => ({ [setting]: Object.fromEntries(changed.map((path) => [path.slice(setting.length + 1), typed(path)])) }),
  });
  const { dialog } = useUnsaved({ unsaved: form.changed.length > 0, what: 'the changes of this text', parameters: ['tab', 'open'] });
  return (
    <div className={classes['detail']}>
      <h2>{name}</h2>
      <SettingsForm>
        <TemplateFields form={form} channel={channel} names={names} />
        <SaveBar form={form} what="the default text" settings={settings}>
          {!form.locked && form.changed.length === 0 && <BuiltIn channel={channel} settings={settings} />}
        </SaveBar>
        <PreviewFor channel={channel} subjectTemplate={isMail ? form.text(`${setting}.subject`) : undefined} bodyTemplate={form.text(names.body)} />
      </SettingsForm>
      {dialog}
    </div>
  );
}

/** Brings the text back that holds until somebody sets another one. */
function BuiltIn({ channel, settings }: { channel: Channel; settings: Settings }) {
  const save = useSaveSettings(settings);
  const { outcome, run } = useAction();
  const { setting, textOf } = defaultOf(channel);
  const change = (text: { subject: string | null; body: string | null }) => ({ [setting]: channel === 'EMAIL' ? text : { body: text.body } });
  const bringBack = () => run(() => save(change({ subject: null, body: null }), 'The built-in text holds again', change(textOf(settings))));
  return (
    <>
      <Outcome of={outcome} />
      <Button variant="default" onClick={() => void bringBack()}>
        Built-in text
      </Button>
    </>
  );
}
