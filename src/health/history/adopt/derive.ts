import { keyOfUrl, platformOf } from '../../../domain/canonicalKey.ts';
import { EmailAddressError, normalizeEmailAddress } from '../../../domain/emailAddress.ts';
import { Channel, DraftStatus, JobStatus, Platform } from '../../../domain/enums.ts';
import { draftFingerprint } from '../../../domain/fingerprint.ts';
import { profileUrlOfHandle } from '../../../domain/handle.ts';
import { terminalJobStatuses } from '../../../domain/transitions.ts';
import { parseUrl, UrlError } from '../../../domain/url.ts';

export type TargetRow = Record<string, unknown>;
/** Says what had to be given up or made up for a row. */
export type Note = (text: string) => void;

const LONGEST_NAME = 500;

/** Fills in what Outrider computes and other systems do not keep, and makes consistent what its checks demand. */
export function derive(table: string, row: TargetRow, note: Note): void {
  derivations[table]?.(row, note);
}

const derivations: Readonly<Record<string, (row: TargetRow, note: Note) => void>> = {
  jobs: (row, note) => {
    if (!terminalJobStatuses.includes(row['status'] as JobStatus)) {
      note('was not finished there: it is failed here, because nobody works on it any more');
      row['error'] ??= 'It was not finished in the system that this database was taken over from.';
      row['status'] = JobStatus.FAILED;
    }
    row['finished_at'] ??= row['updated_at'] ?? row['created_at'] ?? new Date(0).toISOString();
    row['parameters'] = asObject(row['parameters']);
  },
  prospects: (row, note) => {
    row['email'] = kept(row['email'], normalizeEmailAddress, EmailAddressError, () => note('its e-mail address is none: it has none here'));
    const url = kept(row['profile_url'], parseUrl, UrlError, () => note('its URL is none: it has none here'));
    row['profile_url'] = url?.href ?? null;
    if (typeof row['follower_count'] === 'number' && row['follower_count'] < 0) {
      note('has fewer than no followers: how many is not known here');
      row['follower_count'] = null;
    }
    row['source_platform'] ??= url ? platformOf(url) : Platform.WEBSITE;
    row['display_name'] = nameOf(row['display_name'] ?? row['username'] ?? row['email'] ?? `prospect ${String(row['id'])}`);
    row['canonical_key'] ??= keyOf(url, row);
    if (row['canonical_key'] === null) {
      note('has neither URL, handle nor e-mail address: its key is its id');
      row['canonical_key'] = `adopted:${String(row['id'])}`;
    }
  },
  social_profiles: (row) => {
    const url = kept(row['profile_url'], parseUrl, UrlError, () => {}) ?? handleUrl(row['platform'], row['username']);
    row['platform'] ??= url ? platformOf(url) : Platform.OTHER;
    row['profile_url'] = url?.href ?? row['profile_url'];
    row['username'] ??= url?.pathname.split('/').filter(Boolean).at(-1)?.replace(/^@/, '') ?? null;
    row['canonical_key'] ??= (url && keyOfUrl(url, row['platform'] as Platform)) ?? `adopted:${String(row['id'])}`;
  },
  email_drafts: (row) => {
    row['subject'] ??= '';
    row['body'] ??= '';
    fingerprint(Channel.EMAIL, row);
  },
  social_drafts: (row) => {
    row['body'] ??= '';
    fingerprint(Channel.SOCIAL, row);
  },
  scraper_history: (row, note) => {
    if (row['url'] === null) note('has no URL: it is empty here');
    row['url'] ??= '';
  },
  email_messages: (row) => {
    row['subject'] ??= '';
    row['message_id'] ??= `<${String(row['id'])}@adopted>`;
  },
  discovery_queries: (row) => {
    row['platform'] ??= Platform.WEBSITE;
    row['filters'] = asObject(row['filters']);
  },
  activities: (row) => {
    row['actor'] ??= 'unknown';
    row['details'] = asObject(row['details']);
  },
};

function fingerprint(channel: Channel, row: TargetRow): void {
  if (typeof row['body'] !== 'string') return;
  row['fingerprint'] ??= draftFingerprint({ channel, recipient: (row['recipient'] as string | null) ?? null, subject: channel === Channel.EMAIL ? String(row['subject']) : null, body: row['body'] });
  // It was approved, or sent, as it stands.
  if (row['status'] === DraftStatus.APPROVED || row['status'] === DraftStatus.SENT) row['approved_fingerprint'] = row['fingerprint'];
}

function keyOf(url: URL | null, row: TargetRow): string | null {
  const profile = url ?? handleUrl(row['source_platform'], row['username']);
  return profile ? keyOfUrl(profile, row['source_platform'] as Platform) : ((row['email'] as string | null) ?? null);
}

function handleUrl(platform: unknown, handle: unknown): URL | null {
  if (typeof platform !== 'string' || typeof handle !== 'string') return null;
  return kept(handle, (text) => profileUrlOfHandle(platform as Platform, text), UrlError, () => {});
}

/** What `parse` makes of a text; null where there is none, or where it is not what it should be. */
function kept<T>(value: unknown, parse: (text: string) => T, refusal: new (message: string) => Error, refused: () => void): T | null {
  if (typeof value !== 'string' || value.trim() === '') return null;
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof refusal)) throw error;
    refused();
    return null;
  }
}

function nameOf(value: unknown): string {
  const text = String(value).trim();
  return (text === '' ? 'unnamed' : text).slice(0, LONGEST_NAME).toWellFormed();
}

function asObject(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' && !Array.isArray(value) ? value : { value };
}
