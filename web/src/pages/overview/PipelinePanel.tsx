import { Link } from '@tanstack/react-router';
import { useAnswer } from '../../api/useAnswer.ts';
import { PipelineDocument, type SourceType } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { FilterBar, Select } from '../../parts/Choices.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { plural } from '../../parts/format.ts';
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
        value && (
          <>
            {plural(value.total, 'prospect')} · counted <Time at={value.countedAt} />
          </>
        )
      }
    >
      <FilterBar>
        <Select name="Source" values={sources} chosen={source && [source]} choose={(chosen) => choose(chosen?.[0])} any="Both" />
      </FilterBar>
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
