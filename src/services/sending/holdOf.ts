import { dayOf, instantOf, nextDay } from '../../domain/localTime.ts';
import { isOpen, opensAfter, type SendingWindow } from '../../domain/sendingWindow.ts';

/** What is known of a sender when its next message is asked for. */
export interface SenderState {
  /** the day that `sentToday` counts, "2026-03-29" */
  day: string | null;
  sentToday: number;
  /** of the last message */
  claimedAt: Date | null;
  /** what its server said when it took nothing */
  blockedBy: string | null;
  blockedUntil: Date | null;
}

/** As in the settings. */
interface Rules {
  dailyCap: number;
  minimumGapSeconds: number;
  window: SendingWindow | null;
}

/** Why a sender's messages wait. */
export interface Hold {
  kind: 'configuration' | 'server' | 'window' | 'cap' | 'gap';
  reason: string;
  until: Date;
}

/** The day that the cap counts: on the window's clock, else in UTC. */
export const capDay = ({ window }: Pick<Rules, 'window'>, now: Date): string => dayOf(now, window?.timeZone ?? 'UTC');

/** How many messages count against today's cap. */
export const countToday = ({ day, sentToday }: SenderState, rules: Rules, now: Date): number => (day === capDay(rules, now) ? sentToday : 0);

/** What holds a sender at this moment, the longest-lasting kinds first; null when its next message may leave. */
export function holdOf(sender: SenderState, rules: Rules, now: Date): Hold | null {
  const { window, dailyCap, minimumGapSeconds } = rules;
  if (sender.blockedBy !== null && sender.blockedUntil !== null && sender.blockedUntil > now) {
    return { kind: 'server', reason: sender.blockedBy, until: sender.blockedUntil };
  }
  if (window && !isOpen(window, now)) {
    return { kind: 'window', reason: `Sending window: ${inWords(window)}.`, until: opensAfter(window, now) };
  }
  const sent = countToday(sender, rules, now);
  if (sent >= dailyCap) {
    return { kind: 'cap', reason: `Daily cap: ${sent} of ${dailyCap} messages have left today.`, until: afterToday(window, now) };
  }
  const next = sender.claimedAt && new Date(sender.claimedAt.getTime() + minimumGapSeconds * 1_000);
  if (minimumGapSeconds > 0 && next && next > now) {
    return { kind: 'gap', reason: `Minimum gap: ${minimumGapSeconds} s between two messages.`, until: next };
  }
  return null;
}

function afterToday(window: SendingWindow | null, now: Date): Date {
  const timeZone = window?.timeZone ?? 'UTC';
  const midnight = instantOf(nextDay(dayOf(now, timeZone)), '00:00', timeZone);
  return window && !isOpen(window, midnight) ? opensAfter(window, midnight) : midnight;
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function inWords({ days, from, to, timeZone }: SendingWindow): string {
  return `${[...days].sort().map((day) => weekdays[day - 1]).join(', ')} ${from} to ${to} (${timeZone})`;
}
