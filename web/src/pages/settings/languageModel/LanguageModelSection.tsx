import { Code } from '@mantine/core';
import { Answered } from '../../../parts/Answered.tsx';
import { Panel } from '../../../parts/Page.tsx';
import { useUnsaved } from '../../../parts/useUnsaved.tsx';
import { type Bounds, outOfBounds } from '../bounds.ts';
import { FormNumber } from '../../../parts/form/fields.tsx';
import { SaveBar } from '../../../parts/form/SaveBar.tsx';
import classes from '../Settings.module.css';
import { SettingsForm } from '../SettingsForm.tsx';
import { type Settings, useSettings } from '../useSettings.ts';
import { useSettingsForm } from '../useSettingsForm.ts';

type Name = 'costCapPerJob' | 'inputPricePerMillion' | 'outputPricePerMillion' | 'requestsPerMinute';

const money: Bounds = { least: 0, most: 1_000_000, whole: false };
const bounds: Record<Name, Bounds> = {
  costCapPerJob: money,
  inputPricePerMillion: money,
  outputPricePerMillion: money,
  requestsPerMinute: { least: 1, most: 100_000, whole: true },
};
const names = Object.keys(bounds) as Name[];
const path = (name: Name) => `languageModel.${name}`;

/** What the drafter with a language model may use up. */
export function LanguageModelSection() {
  const settings = useSettings();
  return (
    <Answered of={settings} what="the settings" rows={8}>
      {(value) => <LanguageModelForm settings={value} />}
    </Answered>
  );
}

function LanguageModelForm({ settings }: { settings: Settings }) {
  const form = useSettingsForm({
    settings,
    stored: Object.fromEntries(names.map((name) => [path(name), String(settings.languageModel[name])])),
    check: (name, text) => outOfBounds(text, bounds[name.slice(path('' as Name).length) as Name]),
    toChange: ({ changed, text }) => ({
      languageModel: Object.fromEntries(names.filter((name) => changed.includes(path(name))).map((name) => [name, Number(text(path(name)))])),
    }),
  });
  const { dialog } = useUnsaved({ unsaved: form.changed.length > 0, what: 'the changes of the language model', parameters: ['tab'] });
  return (
    <SettingsForm>
      <Panel title="Language model">
        <p className={classes['lead']}>
          A draft job may have its texts written by a language model, instructed by the template. Which one is said where the server and the workers
          start: <Code>LLM_BASE_URL</Code>, <Code>LLM_MODEL</Code> and <Code>LLM_API_KEY</Code>. Here is what it may use up.
        </p>
        <div className={classes['grid']}>
          <FormNumber form={form} name={path('costCapPerJob')} label="Cost of a job at most" hint="In the currency of the prices. Once it is reached, the job asks for no more drafts. Default: 5." />
          <FormNumber form={form} name={path('requestsPerMinute')} label="Requests a minute at most" hint="Of all workers together, 1 to 100,000, evenly spaced. Default: 60." inputMode="numeric" />
          <FormNumber form={form} name={path('inputPricePerMillion')} label="Price of a million tokens read" hint="0 counts no cost: the cap holds nothing back then. Default: 0." />
          <FormNumber form={form} name={path('outputPricePerMillion')} label="Price of a million tokens written" hint="0 counts no cost. Default: 0." />
        </div>
      </Panel>
      <SaveBar form={form} what="the language model" settings={settings} />
      {dialog}
    </SettingsForm>
  );
}
