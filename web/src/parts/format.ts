const integer = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** 58999 → "58,999"; an unknown number is a dash, never 0. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : integer.format(value);
}

/** 1234.56 → "1,230". */
export function about(value: number): string {
  return compact.format(value);
}

/** "1 draft", "2 drafts". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

const names: Partial<Record<string, string>> = { GITHUB: 'GitHub', GITLAB: 'GitLab', LINKEDIN: 'LinkedIn', TIKTOK: 'TikTok', YOUTUBE: 'YouTube' };

/** "PENDING_REVIEW" → "Pending review", "GITHUB" → "GitHub". */
export function words(value: string): string {
  const name = names[value];
  if (name) return name;
  const text = value.toLowerCase().replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Milliseconds → "3 s", "4 min 10 s", "2 h 5 min", "3 d". */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.floor(hours / 24)} d`;
}

/** Milliseconds of machine time → "0.8 ms", "14 ms", "1.2 s". */
export function machineTime(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

const units = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;

/** How long ago, to a person: "just now", "12 s ago", "in 3 min". */
export function relative(at: number, now: number): string {
  const ms = Math.abs(now - at);
  if (ms < 3_000) return 'just now';
  const [size, unit] = units.find(([length]) => ms >= length) ?? [1_000, 's'];
  const text = `${count(Math.floor(ms / size))} ${unit}`;
  return at > now ? `in ${text}` : `${text} ago`;
}

const moment = { dateStyle: 'medium', timeStyle: 'medium' } as const;
/** Made once: to make one takes longer than to write a whole table's times. */
const moments = { local: new Intl.DateTimeFormat('en-GB', moment), UTC: new Intl.DateTimeFormat('en-GB', { ...moment, timeZone: 'UTC' }) };

/** "21 Nov 2026, 14:03:21", in the browser's zone or, saying so, in UTC. */
export function absolute(at: number, zone: 'local' | 'UTC'): string {
  return zone === 'UTC' ? `${moments.UTC.format(at)} UTC` : moments.local.format(at);
}
