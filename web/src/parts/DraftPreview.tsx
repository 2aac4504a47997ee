import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from 'urql';
import { type Channel, PreviewDraftDocument } from '../graphql/graphql.ts';
import classes from './DraftPreview.module.css';
import { Failure } from './Failure.tsx';

type Props = {
  prospect: { id: string; displayName: string };
  channel?: Channel;
  /** absent where the text has no subject of its own */
  subjectTemplate?: string;
  bodyTemplate: string;
  /** problems that do not count here, in the server's words */
  besides?: readonly string[];
};

/** What templates become for one prospect, rendered by the server and saved nowhere, and what is wrong with them. */
export function DraftPreview({ prospect, channel = 'EMAIL', subjectTemplate, bodyTemplate, besides = [] }: Props) {
  const [templates] = useDebouncedValue({ subjectTemplate, bodyTemplate }, 300);
  const [{ data, error }] = useQuery({
    query: PreviewDraftDocument,
    variables: { input: { channel, prospectId: prospect.id, ...templates } },
    requestPolicy: 'network-only',
  });
  const preview = data?.previewDraft;
  return (
    <section className={classes['preview']} aria-label="Preview">
      <h3>
        For <bdi>{prospect.displayName}</bdi>
      </h3>
      {error && <Failure title="The preview could not be read" error={error} />}
      {preview && !error && (
        <>
          {subjectTemplate !== undefined && preview.subject && (
            <p dir="auto">
              <strong>{preview.subject}</strong>
            </p>
          )}
          <pre dir="auto">{preview.body}</pre>
          {preview.missing.length > 0 && <p className={classes['problem']}>Without a value: {preview.missing.join(', ')}</p>}
          {preview.problems.filter((problem) => !besides.includes(problem)).map((problem) => (
            <p key={problem} className={classes['problem']}>
              {problem}
            </p>
          ))}
        </>
      )}
    </section>
  );
}
