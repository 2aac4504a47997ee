import { Button, Code } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { CombinedError } from 'urql';
import { Notice } from './Notice.tsx';

type Props = { title: string; error: CombinedError; retry?: () => void; children?: ReactNode };

/** An operation that failed: which, why, and what mends it. It stands where the rows would be, so that it is never an empty list. */
export function Failure({ title, error, retry, children }: Props) {
  const found = reasons(error);
  return (
    <Notice tone="bad" title={title}>
      {found.map(({ code, text, fix }) => (
        <p key={text}>
          {text} {code && <Code>{code}</Code>}
          {fix && (
            <>
              {' '}
              Mend it with <Code>{fix}</Code>
            </>
          )}
        </p>
      ))}
      {found.some(({ code }) => code === 'SCHEMA_NOT_READY') && (
        <p>
          <Link to="/schema">Schema health</Link> says what is missing and what mends it.
        </p>
      )}
      {children}
      {retry && (
        <Button size="xs" variant="default" mt="xs" onClick={retry}>
          Try again
        </Button>
      )}
    </Notice>
  );
}

type Reason = { code?: string; text: string; fix?: string };

function reasons(error: CombinedError): Reason[] {
  if (error.graphQLErrors.length === 0) {
    const status = (error.response as Response | undefined)?.status;
    return [{ text: status ? `The server answered HTTP ${status}.` : 'The server does not answer.' }];
  }
  const found = error.graphQLErrors.map(({ message, extensions }): Reason => {
    const missing = Array.isArray(extensions['missing']) ? ` Missing: ${extensions['missing'].join(', ')}.` : '';
    return { code: text(extensions['code']), text: message + missing, fix: text(extensions['fix']) };
  });
  return [...new Map(found.map((reason) => [reason.text, reason])).values()];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
