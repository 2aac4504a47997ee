import { dayOf, instantOf, localTime, nextDay } from './localTime.ts';

/** Hours in which messages may leave, on the clock of a place. */
export interface SendingWindow {
  /** ISO: 1 is Monday, 7 Sunday */
  days: readonly number[];
  /** "09:00" */
  from: string;
  /** "17:00": the first minute outside, on the same day; "24:00" is the end of the day */
  to: string;
  /** such as Europe/Berlin */
  timeZone: string;
}

/** Whether the clock of the place stands inside the window. */
export function isOpen({ days, from, to, timeZone }: SendingWindow, at: Date): boolean {
  const { weekday, time } = localTime(at, timeZone);
  return days.includes(weekday) && from <= time && time < to;
}

/** The first opening after `at`. On the day on which the clocks skip it, it is the moment that they skip to, or shortly after. */
export function opensAfter({ days, from, timeZone }: SendingWindow, at: Date): Date {
  // A week from today is the same weekday again, for when today's opening lies behind.
  for (let day = dayOf(at, timeZone), tries = 0; tries <= 7; day = nextDay(day), tries += 1) {
    const opening = instantOf(day, from, timeZone);
    if (opening > at && days.includes(localTime(opening, timeZone).weekday)) return opening;
  }
  throw new RangeError('A sending window names at least one day.');
}
