import { Link } from '@tanstack/react-router';
import { useAnswer } from '../../api/useAnswer.ts';
import { PipelineDocument, type SourceType } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { plural, words } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import { Time } from '../../parts/Time.tsx';
import { useRefresh } from '../../parts/useRefresh.ts';
import { Funnel } from './Funnel.tsx';
import { sources } from './search.ts';

type Props = { source: SourceType | undefined; choose: (source: SourceType | undefined) => void };

/** The funnel of the website pipeline, the social one, or both. */
export function PipelinePanel({ source, choose }: Props) {
  const pipeline = useAnswer(PipelineDocument, { sourceType: source }, (data) => data.pipelineStatus);
  useRefresh(true, 5_000, pipeline.again);
  const { value } = pipeline;
  return (
    <Panel
      title="Pipeline"
      aside={
        <>
          {value && (
            <span>
              {plural(value.total, 'prospect')} · counted <Time at={value.countedAt} />
            </span>
          )}
          <select aria-label="Source" value={source ?? ''} onChange={(event) => choose(sources.find((known) => known === event.currentTarget.value))}>
            <option value="">Both sources</option>
            {sources.map((known) => (
              <option key={known} value={known}>
                {words(known)}
              </option>
            ))}
          </select>
        </>
      }
    >
      <Answered of={pipeline} what="the pipeline" rows={9}>
        {({ stages, total }) =>
          total === 0 ? (
            <Empty title="There are no prospects yet">
              <p>
                Import a file or add one by hand on the page of <Link to="/prospects">prospects</Link>, or search for some from the page of{' '}
                <Link to="/jobs">jobs</Link>.
              </p>
            </Empty>
          ) : (
            <Funnel stages={stages} total={total} source={source} />
          )
        }
      </Answered>
    </Panel>
  );
}
