import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useAnswer } from '../../../api/useAnswer.ts';
import { useViewer } from '../../../api/useViewer.ts';
import { TemplatesDocument } from '../../../graphql/graphql.ts';
import { useCommands } from '../../../keys/useCommands.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { plural } from '../../../parts/format.ts';
import { NotAllowed } from '../../../parts/NotAllowed.tsx';
import { Panel } from '../../../parts/Page.tsx';
import { pageArguments, Paging } from '../../../parts/Paging.tsx';
import { Split } from '../../../parts/Split.tsx';
import { useRowKeys } from '../../../parts/useRowKeys.ts';
import { useRefresh } from '../../../parts/useRefresh.ts';
import { useSettings } from '../useSettings.ts';
import { defaults } from './defaults.ts';
import { DefaultTemplate } from './DefaultTemplate.tsx';
import { NewTemplate } from './NewTemplate.tsx';
import { TemplateDetail } from './TemplateDetail.tsx';
import { TemplateTable } from './TemplateTable.tsx';

const route = getRouteApi('/settings');

/** The texts that drafts are made from: what holds when none is chosen, and those that are kept under a name. */
export function TemplateSection() {
  const { open, after, before } = route.useSearch();
  const navigate = route.useNavigate();
  const { may } = useViewer();
  const settings = useSettings();
  const templates = useAnswer(TemplatesDocument, pageArguments({ after, before }, 50), (data) => data.templates);
  useRefresh(true, 10_000, templates.again);
  const go = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, open: id }), resetScroll: false });
  const rows = useRowKeys({ ids: [...(settings.value ? defaults.map(({ id }) => id) : []), ...(templates.value?.nodes ?? []).map(({ id }) => id)], open, choose: go });
  useCommands('Templates', [
    ...rows.commands,
    ...(may('OPERATOR') ? [{ keys: 'n', label: 'New template', run: () => go('new') }] : []),
    { keys: 'Escape', label: 'Close the template', run: () => open && go(undefined) },
  ]);

  const list = (
    <Panel
      title="Templates"
      aside={
        may('OPERATOR') && (
          <Button size="compact-sm" onClick={() => go('new')}>
            New template
          </Button>
        )
      }
    >
      <NotAllowed role="OPERATOR" what="change templates" />
      <Answered of={templates} what="the list of templates">
        {({ nodes, pageInfo, totalCount }) => (
          <div {...rows.props}>
            <TemplateTable templates={nodes} settings={settings.value} open={open} go={go} mayAdd={may('OPERATOR')} />
            {totalCount !== null && totalCount > 50 && <p>{plural(totalCount, 'template')}</p>}
            <Paging
              what="templates"
              page={pageInfo}
              place={{ after, before }}
              go={(place) => void navigate({ search: (old) => ({ ...old, after: undefined, before: undefined, ...place }), resetScroll: false })}
            />
          </div>
        )}
      </Answered>
    </Panel>
  );

  return <Split list={list} label="Template" chosen={open} close={() => go(undefined)} detail={open === undefined ? null : detailOf(open)} />;

  function detailOf(id: string) {
    if (id === 'new') return <NewTemplate key={id} created={go} />;
    if (id === 'default-email' || id === 'default-social') {
      return (
        <Answered of={settings} what="the settings">
          {(value) => <DefaultTemplate key={id} channel={id === 'default-email' ? 'EMAIL' : 'SOCIAL'} settings={value} />}
        </Answered>
      );
    }
    return (
      <TemplateDetail
        key={id}
        id={id}
        settings={settings.value}
        go={go}
      />
    );
  }
}
