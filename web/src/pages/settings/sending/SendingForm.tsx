import { Panel } from '../../../parts/Page.tsx';
import { useUnsaved } from '../../../parts/useUnsaved.tsx';
import { FormNumber } from '../../../parts/form/fields.tsx';
import { SaveBar } from '../../../parts/form/SaveBar.tsx';
import classes from '../Settings.module.css';
import type { FormState } from '../../../parts/form/useForm.ts';
import { SettingsForm } from '../SettingsForm.tsx';
import type { Settings } from '../useSettings.ts';
import { useSettingsForm } from '../useSettingsForm.ts';
import { type ChannelName, changeOf, checkSending, textsOf } from './sendingFields.ts';
import { WindowFields } from './WindowFields.tsx';

/** What slows each channel down: cap, gap and window. */
export function SendingForm({ settings }: { settings: Settings }) {
  const form = useSettingsForm({ settings, stored: textsOf(settings), check: checkSending, toChange: changeOf });
  const { dialog } = useUnsaved({ unsaved: form.changed.length > 0, what: 'the changes of the sending settings', parameters: ['tab'] });
  return (
    <SettingsForm>
      <div className={classes['pair']}>
        <Channel form={form} name="sendingEmail" title="E-mail" />
        <Channel form={form} name="sendingSocial" title="Social" />
      </div>
      <SaveBar form={form} what="the sending settings" settings={settings} />
      {dialog}
    </SettingsForm>
  );
}

function Channel({ form, name, title }: { form: FormState; name: ChannelName; title: string }) {
  return (
    <Panel title={title}>
      <div className={classes['fields']}>
        <FormNumber
          form={form}
          name={`${name}.dailyCap`}
          label="Daily cap"
          hint="Messages a day and sender, up to 1,000,000; 0 sends nothing. Default: 500."
          inputMode="numeric"
        />
        <FormNumber
          form={form}
          name={`${name}.minimumGapSeconds`}
          label="Gap"
          hint="Seconds between two messages of a sender, up to 86,400, which is a day. Default: 0."
          inputMode="numeric"
        />
        <WindowFields form={form} name={`${name}.window`} channel={title} />
      </div>
    </Panel>
  );
}
