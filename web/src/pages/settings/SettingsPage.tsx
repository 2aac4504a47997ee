import { getRouteApi } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useAnswer } from '../../api/useAnswer.ts';
import { SettingsDocument } from '../../graphql/graphql.ts';
import { useCommands } from '../../keys/useCommands.ts';
import { Loading } from '../../parts/Loading.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { Tabs } from '../../parts/Tabs.tsx';
import { tabs } from './search.ts';
import { sections } from './sections.ts';

const route = getRouteApi('/settings');

/** How the pipeline works, and who may do what with it: one section a tab. */
export function SettingsPage() {
  const { tab = 'sending' } = route.useSearch();
  const navigate = route.useNavigate();
  const { label, Section } = sections[tab];
  const go = (by: number) => void navigate({ search: { tab: tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length] } });
  useCommands('Settings', [
    { keys: ']', label: 'Next section', run: () => go(1) },
    { keys: '[', label: 'Previous section', run: () => go(-1) },
  ]);
  return (
    <Page title="Settings">
      <Tabs label="Sections" tabs={tabs.map((name) => ({ label: sections[name].label, to: '/settings', search: { tab: name }, current: name === tab }))} />
      <Problems />
      <Suspense fallback={<Loading what={label} />}>
        <Section key={tab} />
      </Suspense>
    </Page>
  );
}

/** Stored values that cannot be used: the pipeline works with the defaults instead, and nobody may notice. */
function Problems() {
  const { value } = useAnswer(SettingsDocument, {}, (data) => data.settings?.problems);
  if (!value || value.length === 0) return null;
  return (
    <Notice tone="warn" title={value.length === 1 ? 'A stored setting cannot be used' : `${value.length} stored settings cannot be used`}>
      {value.map((problem) => (
        <p key={problem}>{problem}</p>
      ))}
      <p>The pipeline works with the defaults that stand in the fields. Change such a field to store a value that can be used.</p>
    </Notice>
  );
}
