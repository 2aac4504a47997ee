import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Dialog } from '../../../parts/Dialog.tsx';
import { Failure } from '../../../parts/Failure.tsx';
import { CheckField, Form, FormActions, SelectField, TextArea, TextField } from '../../../parts/Field.tsx';
import { UserErrors } from '../../../parts/UserErrors.tsx';
import { useUnsaved } from '../../../parts/useUnsaved.tsx';
import classes from '../list/Panel.module.css';
import { readMapping } from './readMapping.ts';
import { Sending } from './Sending.tsx';
import { useImport } from './useImport.ts';

const formats = { CSV: 'CSV (comma, semicolon or tab, with a header)', NDJSON: 'JSON (one object a line, or an array)' };

/** Prospects out of a file or a pasted text; the job says what became of each row. */
export function ImportProspects({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const { busy, sent, messages, failure, start, stop } = useImport();
  const [file, setFile] = useState<File | null>(null);
  const [text, setText] = useState('');
  const [format, setFormat] = useState<'CSV' | 'NDJSON'>('CSV');
  const [mapping, setMapping] = useState('');
  const [dryRun, setDryRun] = useState(false);
  const [isEmpty, setEmpty] = useState(false);
  const columns = readMapping(mapping);
  const { dialog, release } = useUnsaved({ unsaved: text !== '' || busy, what: busy ? 'the rest of the file' : 'the pasted text', parameters: ['start'] });

  async function send() {
    const data = file ?? new Blob([text]);
    setEmpty(data.size === 0);
    if (data.size === 0 || typeof columns === 'string') return;
    const jobId = await start({ file: data, format, mapping: columns, dryRun });
    if (jobId === null) return;
    release();
    void navigate({ to: '/jobs/$id', params: { id: jobId } });
  }

  return (
    <>
      <Dialog title="Import prospects" opened close={close}>
        <Form
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          <TextField
            label="File"
            hint="Of any size, also what LinkedIn, Apollo, PhantomBuster and Apify export. Names of columns are known however they are spelt."
            type="file"
            accept=".csv,.tsv,.txt,.json,.ndjson,.jsonl"
            problem={isEmpty ? 'Choose a file that is not empty, or paste its text.' : null}
            onChange={(event) => {
              const chosen = event.currentTarget.files?.[0] ?? null;
              setFile(chosen);
              if (chosen) setFormat(/json/i.test(chosen.name.split('.').at(-1) ?? '') || /\.jsonl$/i.test(chosen.name) ? 'NDJSON' : 'CSV');
            }}
          />
          {!file && (
            <TextArea
              label="Or its text"
              code
              rows={5}
              value={text}
              placeholder={'name,url,email\nAda Lovelace,https://example.org/ada,ada@example.org'}
              onChange={(event) => {
                setText(event.currentTarget.value);
                if (/^\s*[[{]/.test(event.currentTarget.value)) setFormat('NDJSON');
              }}
            />
          )}
          <SelectField label="Format" value={format} onChange={(event) => setFormat(event.currentTarget.value === 'CSV' ? 'CSV' : 'NDJSON')}>
            {Object.entries(formats).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </SelectField>
          <details className={classes['columns']}>
            <summary>Columns with other names</summary>
            <TextArea
              label="Column = field"
              hint="One a line; fields are displayName, profileUrl, username, email, bioText, tags, followerCount, …"
              code
              rows={3}
              value={mapping}
              problem={typeof columns === 'string' ? columns : null}
              placeholder="Kontakt = displayName"
              onChange={(event) => setMapping(event.currentTarget.value)}
            />
          </details>
          <CheckField label="Only show what would become of each row" checked={dryRun} onChange={(event) => setDryRun(event.currentTarget.checked)} />
          {busy && <Sending sent={sent} size={file?.size ?? text.length} />}
          <UserErrors errors={messages.map((message) => ({ message }))} title="The import did not run through" />
          {failure && <Failure title="Nothing was imported" error={failure} />}
          <FormActions>
            <Button variant="default" onClick={busy ? stop : close}>
              {busy ? 'Break off' : 'Cancel'}
            </Button>
            <Button type="submit" loading={busy}>
              {dryRun ? 'Try the import' : 'Import'}
            </Button>
          </FormActions>
        </Form>
      </Dialog>
      {dialog}
    </>
  );
}
