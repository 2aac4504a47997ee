import type { Platform, SuppressInput, SuppressionKind } from '../../graphql/graphql.ts';
import { SelectField, TextField } from '../../parts/Field.tsx';
import { words } from '../../parts/format.ts';
import { suppressionKinds } from './search.ts';

/** Whom a suppression is about, as a person names them. */
export interface Addressee {
  kind: SuppressionKind;
  value: string;
  /** where a handle is */
  platform: Platform;
}

const kindTexts: Record<SuppressionKind, { label: string; hint: string }> = {
  EMAIL: { label: 'E-mail address', hint: 'One address.' },
  DOMAIN: { label: 'Domain', hint: 'Such as example.org: every address at it and below it, and the websites on it.' },
  HANDLE: { label: 'Handle', hint: 'One profile, by its name on the platform.' },
};
const platforms: readonly Platform[] = ['GITHUB', 'GITLAB', 'MASTODON', 'BLUESKY', 'X', 'LINKEDIN', 'INSTAGRAM', 'FACEBOOK', 'TIKTOK', 'YOUTUBE'];

type Props = { whom: Addressee; change: (whom: Addressee) => void; problem?: string | null };

/** An address, a domain, or a handle with its platform. */
export function AddresseeFields({ whom, change, problem }: Props) {
  const { label, hint } = kindTexts[whom.kind];
  return (
    <>
      <SelectField label="Kind" value={whom.kind} onChange={(event) => change({ ...whom, kind: event.currentTarget.value as SuppressionKind })}>
        {suppressionKinds.map((kind) => (
          <option key={kind} value={kind}>
            {kindTexts[kind].label}
          </option>
        ))}
      </SelectField>
      {whom.kind === 'HANDLE' && (
        <SelectField label="Platform" value={whom.platform} onChange={(event) => change({ ...whom, platform: event.currentTarget.value as Platform })}>
          {platforms.map((platform) => (
            <option key={platform} value={platform}>
              {words(platform)}
            </option>
          ))}
        </SelectField>
      )}
      <TextField label={label} hint={hint} problem={problem} autoComplete="off" value={whom.value} onChange={(event) => change({ ...whom, value: event.currentTarget.value })} required />
    </>
  );
}

/** As the contract has it. */
export function inputOf({ kind, value, platform }: Addressee): Pick<SuppressInput, 'email' | 'domain' | 'handle' | 'platform'> {
  const text = value.trim();
  if (kind === 'EMAIL') return { email: text };
  return kind === 'DOMAIN' ? { domain: text } : { handle: text, platform };
}

/** What is wrong with it before the server is asked. */
export function problemOf({ kind, value }: Addressee): string | null {
  const text = value.trim();
  if (text === '') return 'Say whom.';
  return kind === 'EMAIL' ? emailProblem(text) : null;
}

/** The same of an e-mail address. */
export const emailProblem = (text: string): string | null => (/^\S+@\S+\.\S+$/.test(text) ? null : 'This is not an address such as ada@example.org.');
