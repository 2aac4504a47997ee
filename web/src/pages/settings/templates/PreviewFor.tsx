import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useAnswer } from '../../../api/useAnswer.ts';
import { type Channel, ProspectChoicesDocument } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { DraftPreview } from '../../../parts/DraftPreview.tsx';
import { Empty } from '../../../parts/Empty.tsx';
import { SelectField } from '../../../parts/Field.tsx';
import { SearchField } from '../../../parts/SearchField.tsx';
import classes from './Templates.module.css';

type Props = { channel: Channel; subjectTemplate?: string; bodyTemplate: string };
/** Why this prospect would get no draft now; it says nothing of the text. */
const aboutTheProspect = ['There is a draft already.', 'The prospect is not approved.'];

type Chosen = { id: string; displayName: string };

/** What a text becomes for a prospect of the reader's choice. */
export function PreviewFor({ channel, subjectTemplate, bodyTemplate }: Props) {
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<Chosen>();
  const field = useRef<HTMLInputElement>(null);
  const filter = { search: search || undefined, ...(channel === 'SOCIAL' ? { sourceType: 'SOCIAL' as const } : { hasEmail: true }) };
  const found = useAnswer(ProspectChoicesDocument, { filter }, (data) => data.prospects?.nodes);
  const shown = chosen ?? found.value?.[0];
  const choices = [...(chosen && !found.value?.some(({ id }) => id === chosen.id) ? [chosen] : []), ...(found.value ?? [])];
  return (
    <div className={classes['previewFor']}>
      <div className={classes['choose']}>
        <SearchField text={search} find={setSearch} field={field} placeholder="Name, text or tag" />
        <SelectField
          label="Preview for"
          value={shown?.id ?? ''}
          disabled={choices.length === 0}
          onChange={(event) => setChosen(choices.find(({ id }) => id === event.currentTarget.value))}
        >
          {choices.length === 0 && <option value="">Nobody</option>}
          {choices.map(({ id, displayName }) => (
            <option key={id} value={id}>
              {displayName}
            </option>
          ))}
        </SelectField>
      </div>
      <Answered of={found} what="the list of prospects" rows={1}>
        {(nodes) =>
          nodes.length === 0 &&
          !chosen && (
            <Empty title={search ? 'Nobody matches this search' : channel === 'SOCIAL' ? 'No prospect has a social profile yet' : 'No prospect has an e-mail address yet'}>
              {!search && (
                <p>
                  <Link to="/prospects">Add prospects</Link> to see what becomes of the text.
                </p>
              )}
            </Empty>
          )
        }
      </Answered>
      {shown && bodyTemplate.trim() !== '' && <DraftPreview prospect={shown} channel={channel} subjectTemplate={subjectTemplate} bodyTemplate={bodyTemplate} besides={aboutTheProspect} />}
    </div>
  );
}
