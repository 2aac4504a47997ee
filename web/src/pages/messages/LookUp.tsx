import { Button } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { useAnswer } from '../../api/useAnswer.ts';
import { SuppressionOfDocument } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Panel } from '../../parts/Page.tsx';
import { Form, TextField } from '../../parts/Field.tsx';
import { Time } from '../../parts/Time.tsx';
import { type Addressee, emailProblem } from './AddresseeFields.tsx';
import classes from './Messages.module.css';

type Props = { email: string | undefined; find: (email: string | undefined) => void; lift: ((whom: Addressee) => void) | null };

/** Whether an address may be written to, and what keeps it from that. */
export function LookUp({ email, find, lift }: Props) {
  const [typed, setTyped] = useState(email ?? '');
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => setTyped(email ?? ''), [email]);

  function submit(event: FormEvent) {
    event.preventDefault();
    const text = typed.trim();
    const wrong = text === '' ? null : emailProblem(text);
    setProblem(wrong);
    if (wrong === null) find(text || undefined);
  }

  return (
    <Panel title="Is an address suppressed?">
      <div className={classes['lookUp']}>
      <Form onSubmit={submit} role="search" aria-label="Look an address up">
        <TextField label="E-mail address" type="email" autoComplete="off" value={typed} problem={problem} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Button type="submit" variant="default" size="sm">
          Look it up
        </Button>
      </Form>
      {email !== undefined && <Found email={email} lift={lift} />}
      </div>
    </Panel>
  );
}

function Found({ email, lift }: { email: string; lift: Props['lift'] }) {
  const answer = useAnswer(SuppressionOfDocument, { email }, (data) => ({ match: data.suppressionOf }));
  const domain = email.slice(email.lastIndexOf('@') + 1);
  return (
    <Answered of={answer} what="whether it is suppressed" rows={1}>
      {({ match }) => {
        if (!match) return !answer.error && <Notice tone="good" title={`${email} is not suppressed`} />;
        const isDomain = match.kind === 'DOMAIN';
        return (
          <Notice tone="warn" title={`${email} is suppressed${isDomain ? ' with its domain' : ''}`}>
            <p>
              Why: {match.reason}. {match.createdBy && `By ${match.createdBy}, `}
              <Time at={match.createdAt} />.
            </p>
            {lift && (
              <Button size="xs" variant="default" mt="xs" onClick={() => lift({ kind: isDomain ? 'DOMAIN' : 'EMAIL', value: isDomain ? domain : email, platform: 'GITHUB' })}>
                Lift it
              </Button>
            )}
          </Notice>
        );
      }}
    </Answered>
  );
}
