import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { IdempotencyKeys } from '../../api/idempotencyKeys.ts';
import { DiscoverDocument, type DiscoverMutation, type Platform } from '../../graphql/graphql.ts';
import { Failure } from '../../parts/Failure.tsx';
import { Form, FormActions, SelectField, TextArea, TextField } from '../../parts/Field.tsx';
import { words } from '../../parts/format.ts';
import { toast } from '../../parts/toasts.ts';
import { UserErrors } from '../../parts/UserErrors.tsx';
import { platforms, searchOf } from './platforms.ts';

type UserError = DiscoverMutation['discover']['userErrors'][number];

/** Where, what, how many, and what narrows it; the fields follow the platform. */
export function DiscoverForm({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const keys = useRef(new IdempotencyKeys());
  const [platform, setPlatform] = useState<Platform>('WEBSITE');
  const [query, setQuery] = useState('');
  const [filters, setFilters] = useState<Readonly<Record<string, string>>>({});
  const [limit, setLimit] = useState('100');
  const [refusals, setRefusals] = useState<readonly UserError[]>([]);
  const [{ fetching, error }, discover] = useMutation(DiscoverDocument);
  const searched = searchOf(platform);
  const refusalOf = (field: string) => refusals.find((one) => one.field?.at(-1) === field)?.message;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (fetching) return;
    const given = searched.filters.flatMap(({ name, whole }) => {
      const text = filters[name]?.trim();
      return text ? [[name, whole ? Number(text) : text] as const] : [];
    });
    const input = { platform, query, filters: Object.fromEntries(given), limit: Number(limit) };
    const { data } = await discover({ input: { ...input, idempotencyKey: keys.current.for(input) } });
    if (!data) return;
    const { job, userErrors } = data.discover;
    setRefusals(userErrors);
    if (!job || userErrors.length > 0) return;
    toast('The search has begun');
    await navigate({ to: '/jobs/$id', params: { id: job.id } });
  }

  return (
    <Form onSubmit={(event) => void submit(event)}>
      <SelectField label="Platform" value={platform} onChange={(event) => setPlatform(event.currentTarget.value as Platform)}>
        {platforms.map((one) => (
          <option key={one} value={one}>
            {words(one)}
          </option>
        ))}
      </SelectField>
      <TextArea {...searched.query} rows={platform === 'WEBSITE' ? 4 : 2} value={query} problem={refusalOf('query')} onChange={(event) => setQuery(event.currentTarget.value)} />
      {searched.filters.map(({ name, label, hint, whole }) => (
        <TextField
          key={name}
          label={label}
          hint={hint}
          inputMode={whole ? 'numeric' : undefined}
          value={filters[name] ?? ''}
          onChange={(event) => setFilters({ ...filters, [name]: event.currentTarget.value })}
        />
      ))}
      <TextField label="Prospects at most" hint="1 to 10,000." inputMode="numeric" value={limit} problem={refusalOf('limit')} onChange={(event) => setLimit(event.currentTarget.value)} />
      <UserErrors errors={refusals.filter(({ field }) => !['query', 'limit'].includes(field?.at(-1) ?? ''))} title="No search was started" />
      <NextStep refusals={refusals} />
      {error && <Failure title="The search was not started" error={error} />}
      <FormActions>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={fetching}>
          Start the search
        </Button>
      </FormActions>
    </Form>
  );
}

/** Where a refusal leads. */
function NextStep({ refusals }: { refusals: readonly UserError[] }) {
  if (refusals.some(({ code }) => code === 'UNSUPPORTED')) {
    return (
      <p style={{ margin: 0 }}>
        <Link to="/prospects" search={{ start: 'import' }}>Import what it exports</Link> on the page of prospects.
      </p>
    );
  }
  if (refusals.some(({ code }) => code === 'NOT_CONFIGURED')) {
    return (
      <p style={{ margin: 0 }}>
        It is set where the server is started; <Link to="/settings">Settings</Link> shows what is.
      </p>
    );
  }
  return null;
}
