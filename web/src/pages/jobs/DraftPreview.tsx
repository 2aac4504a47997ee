import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from 'urql';
import { PreviewDraftDocument } from '../../graphql/graphql.ts';
import { Failure } from '../../parts/Failure.tsx';
import classes from './StartDraftJob.module.css';

type Props = { prospect: { id: string; displayName: string }; subjectTemplate: string; bodyTemplate: string };

/** What the templates become for one of the prospects, rendered by the server and saved nowhere. */
export function DraftPreview({ prospect, subjectTemplate, bodyTemplate }: Props) {
  const [templates] = useDebouncedValue({ subjectTemplate, bodyTemplate }, 300);
  const [{ data, error }] = useQuery({
    query: PreviewDraftDocument,
    variables: { input: { channel: 'EMAIL', prospectId: prospect.id, ...templates } },
    requestPolicy: 'network-only',
  });
  const preview = data?.previewDraft;
  return (
    <section className={classes['preview']} aria-label="Preview">
      <h3>For {prospect.displayName}</h3>
      {error && <Failure title="The preview could not be read" error={error} />}
      {preview && !error && (
        <>
          <p>
            <strong>{preview.subject}</strong>
          </p>
          <pre>{preview.body}</pre>
          {preview.missing.length > 0 && <p className={classes['problem']}>Without a value: {preview.missing.join(', ')}</p>}
          {preview.problems.map((problem) => (
            <p key={problem} className={classes['problem']}>
              {problem}
            </p>
          ))}
        </>
      )}
    </section>
  );
}
