/** What a clock and a calendar on the wall of a place show. */
export interface LocalTime {
  /** "2026-03-29" */
  day: string;
  /** "02:59", never "24:00" */
  time: string;
  /** ISO: 1 is Monday, 7 Sunday */
  weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** @param timeZone such as Europe/Berlin */
export function localTime(at: Date, timeZone: string): LocalTime {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(timeZone, format);
  const [day = '', clock = ''] = format.format(at).split(' ');
  return { day, time: clock.slice(0, 5), weekday: new Date(`${day}T00:00:00Z`).getUTCDay() || 7 };
}

/** The calendar's day, "2026-03-29". */
export const dayOf = (at: Date, timeZone: string): string => localTime(at, timeZone).day;

/** The day after, on any calendar. */
export function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);
}

/**
 * When the clock of the place shows this: the first time, where it does so twice (clocks set back). Where it never does
 * (clocks set forward) the moment that it would be by the clock before.
 * @param time "09:00"
 */
export function instantOf(day: string, time: string, timeZone: string): Date {
  const asUtc = Date.parse(`${day}T${time}:00Z`);
  const candidates = [asUtc - offsetAt(asUtc - dayMs, timeZone), asUtc - offsetAt(asUtc + dayMs, timeZone)].sort((a, b) => a - b);
  const shown = candidates.find((candidate) => {
    const local = localTime(new Date(candidate), timeZone);
    return local.day === day && local.time === time;
  });
  return new Date(shown ?? candidates[1]!);
}

const dayMs = 86_400_000;

/** How far the place's clock is ahead of UTC at a moment, in milliseconds, to the minute. */
function offsetAt(at: number, timeZone: string): number {
  const { day, time } = localTime(new Date(at), timeZone);
  return Date.parse(`${day}T${time}:00Z`) - Math.floor(at / 60_000) * 60_000;
}
