import { useRef } from 'react';
import { useAnswer } from '../../../api/useAnswer.ts';
import { type TemplateFieldsFragment, TemplateDetailDocument } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { Empty } from '../../../parts/Empty.tsx';
import { useRefresh } from '../../../parts/useRefresh.ts';
import type { Settings } from '../useSettings.ts';
import { TemplateEditor } from './TemplateEditor.tsx';

type Props = { id: string; settings: Settings | undefined; go: (id: string | undefined) => void };

/** One template, looked at again every few seconds; when somebody deletes it, what is shown and typed stays. */
export function TemplateDetail({ id, settings, go }: Props) {
  const found = useAnswer(TemplateDetailDocument, { id }, ({ node }) => ({ template: node?.__typename === 'Template' ? node : null }));
  const last = useRef<TemplateFieldsFragment>(undefined);
  useRefresh(true, 5_000, found.again);
  return (
    <Answered of={found} what="the template" rows={8}>
      {({ template }) => {
        if (template) last.current = template;
        if (!last.current) return <Empty title="There is no such template" />;
        return <TemplateEditor template={last.current} gone={template === null} settings={settings} go={go} />;
      }}
    </Answered>
  );
}
