import { Answered } from '../../../parts/Answered.tsx';
import { Panel } from '../../../parts/Page.tsx';
import { useUnsaved } from '../../../parts/useUnsaved.tsx';
import { outOfBounds } from '../bounds.ts';
import { FormNumber } from '../../../parts/form/fields.tsx';
import { SaveBar } from '../../../parts/form/SaveBar.tsx';
import type { Edits } from '../../../parts/form/useEdits.ts';
import classes from '../Settings.module.css';
import { PreviewFor } from '../templates/PreviewFor.tsx';
import { TemplateFields } from '../templates/TemplateFields.tsx';
import { SettingsForm } from '../SettingsForm.tsx';
import { type Settings, useSettings } from '../useSettings.ts';
import { type SettingsChange, useSettingsForm } from '../useSettingsForm.ts';

const texts = [
  { name: 'followUpEmail.body', title: 'E-mail', channel: 'EMAIL' },
  { name: 'followUpSocial.body', title: 'Social', channel: 'SOCIAL' },
] as const;

/** How often one prospect is reminded, and with which words. */
export function FollowUpSection() {
  const settings = useSettings();
  return (
    <Answered of={settings} what="the settings" rows={10}>
      {(value) => <FollowUpForm settings={value} />}
    </Answered>
  );
}

function changeOf({ changed, text }: Pick<Edits, 'changed' | 'text'>): SettingsChange {
  return {
    ...(changed.includes('followUp.maximum') && { followUp: { maximum: Number(text('followUp.maximum')) } }),
    ...(changed.includes('followUpEmail.body') && { followUpEmail: { body: text('followUpEmail.body') } }),
    ...(changed.includes('followUpSocial.body') && { followUpSocial: { body: text('followUpSocial.body') } }),
  };
}

function FollowUpForm({ settings }: { settings: Settings }) {
  const form = useSettingsForm({
    settings,
    stored: {
      'followUp.maximum': String(settings.followUp.maximum),
      'followUpEmail.body': settings.followUpEmail.body,
      'followUpSocial.body': settings.followUpSocial.body,
    },
    check: (name, text) => (name === 'followUp.maximum' ? outOfBounds(text, { least: 0, most: 20, whole: true }) : text.trim() === '' ? 'The text must not be empty.' : null),
    toChange: changeOf,
  });
  const { dialog } = useUnsaved({ unsaved: form.changed.length > 0, what: 'the changes of follow-ups', parameters: ['tab'] });
  return (
    <SettingsForm>
      <Panel title="Follow-ups">
        <div className={classes['grid']}>
          <FormNumber form={form} name="followUp.maximum" label="Follow-ups to one prospect at most" hint="0 to 20, on both channels together; 0 forbids them. Default: 2." inputMode="numeric" />
        </div>
      </Panel>
      {texts.map(({ name, title, channel }) => (
        <Panel key={name} title={`Text of follow-ups: ${title}`} aside={channel === 'EMAIL' && 'The subject is that of the first message'}>
          <div className={classes['pair']}>
            <div className={classes['fields']}>
              <TemplateFields form={form} channel={channel} names={{ body: name }} label={`Text for ${title}`} />
            </div>
            <PreviewFor channel={channel} bodyTemplate={form.text(name)} />
          </div>
        </Panel>
      ))}
      <SaveBar form={form} what="follow-ups" settings={settings} />
      {dialog}
    </SettingsForm>
  );
}
