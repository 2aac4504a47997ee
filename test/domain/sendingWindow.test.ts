import { describe, expect, it } from '@jest/globals';
import { instantOf, localTime, nextDay } from '../../src/domain/localTime.ts';
import { isOpen, opensAfter, type SendingWindow } from '../../src/domain/sendingWindow.ts';

const office: SendingWindow = { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00', timeZone: 'Europe/Berlin' };
const at = (iso: string) => new Date(iso);

describe('a window', () => {
  it.each([
    ['2026-01-05T08:00:00Z', true, 'Monday 09:00 in winter'],
    ['2026-01-05T07:59:59Z', false, 'one second before'],
    ['2026-01-05T15:59:59Z', true, 'the last second'],
    ['2026-01-05T16:00:00Z', false, 'its end'],
    ['2026-07-06T07:00:00Z', true, 'Monday 09:00 in summer'],
    ['2026-07-06T15:00:00Z', false, 'Monday 17:00 in summer'],
    ['2026-01-04T10:00:00Z', false, 'Sunday'],
  ])('is at %s open: %s (%s)', (moment, open) => {
    expect(isOpen(office, at(moment))).toBe(open);
  });

  it('goes by the day of its place, not by UTC', () => {
    const tokyo = { ...office, days: [1], from: '00:00', to: '06:00', timeZone: 'Asia/Tokyo' };
    expect(isOpen(tokyo, at('2026-01-04T16:00:00Z'))).toBe(true);
    expect(isOpen(tokyo, at('2026-01-05T16:00:00Z'))).toBe(false);
  });

  it('to 24:00 lasts until the end of the day', () => {
    const whole = { ...office, days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' };
    expect(isOpen(whole, at('2026-01-05T22:59:59Z'))).toBe(true);
    expect(isOpen(whole, at('2026-01-05T23:00:00Z'))).toBe(true);
  });

  it.each([
    ['2026-01-05T05:00:00Z', '2026-01-05T08:00:00.000Z', 'later today'],
    ['2026-01-05T16:00:00Z', '2026-01-06T08:00:00.000Z', 'tomorrow'],
    ['2026-01-09T16:00:00Z', '2026-01-12T08:00:00.000Z', 'after the weekend'],
    ['2026-03-27T16:00:00Z', '2026-03-30T07:00:00.000Z', 'after the weekend on which summer time begins'],
    ['2026-10-23T16:00:00Z', '2026-10-26T08:00:00.000Z', 'after the weekend on which it ends'],
  ])('that is asked at %s opens at %s: %s', (moment, opening) => {
    expect(opensAfter(office, at(moment)).toISOString()).toBe(opening);
  });

  it('of one weekday opens a week later once it has closed', () => {
    expect(opensAfter({ ...office, days: [1] }, at('2026-01-05T16:00:00Z')).toISOString()).toBe('2026-01-12T08:00:00.000Z');
  });

  it('opens, whatever the hour, at a moment at which it is open', () => {
    for (const timeZone of ['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC']) {
      for (const from of ['00:00', '02:00', '02:30', '09:00']) {
        const window = { days: [1, 3, 7], from, to: '23:00', timeZone };
        for (let hour = 0; hour < 24 * 7; hour += 5) {
          // The weeks in which clocks change somewhere.
          for (const week of ['2026-03-25', '2026-10-22']) {
            const asked = new Date(Date.parse(`${week}T00:00:00Z`) + hour * 3_600_000);
            const opening = opensAfter(window, asked);
            expect(opening > asked && isOpen(window, opening)).toBe(true);
          }
        }
      }
    }
  });
});

describe('local time', () => {
  it('shows the day, the time and the weekday', () => {
    expect(localTime(at('2026-03-29T01:30:00Z'), 'Europe/Berlin')).toEqual({ day: '2026-03-29', time: '03:30', weekday: 7 });
    expect(localTime(at('2026-12-31T23:00:00Z'), 'Europe/Berlin')).toEqual({ day: '2027-01-01', time: '00:00', weekday: 5 });
  });

  it('that is shown twice is the first time; that is never shown, by the clock before', () => {
    expect(instantOf('2026-10-25', '02:30', 'Europe/Berlin').toISOString()).toBe('2026-10-25T00:30:00.000Z');
    expect(instantOf('2026-03-29', '02:30', 'Europe/Berlin').toISOString()).toBe('2026-03-29T01:30:00.000Z');
  });

  it('midnight follows midnight, also over months and years', () => {
    expect(nextDay('2026-12-31')).toBe('2027-01-01');
    expect(nextDay('2028-02-28')).toBe('2028-02-29');
    expect(instantOf('2026-03-30', '00:00', 'Europe/Berlin').toISOString()).toBe('2026-03-29T22:00:00.000Z');
  });
});
