import { Notice } from './Notice.tsx';

/** Why the server did not do what was asked: an expected refusal, in its own words. */
export function UserErrors({ errors, title = 'Nothing was changed' }: { errors: readonly { message: string }[]; title?: string }) {
  if (errors.length === 0) return null;
  return (
    <Notice tone="bad" title={title}>
      {errors.map(({ message }) => (
        <p key={message}>{message}</p>
      ))}
    </Notice>
  );
}
