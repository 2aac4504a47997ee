/** Preloaded into a process: its clock jumps by CLOCK_OFFSET_MS and back every five seconds; the one that only counts (performance.now) does not. */
const jump = Number(process.env.CLOCK_OFFSET_MS ?? 0);
const jumpEveryMs = 5_000;
const RealDate = Date;
const now = () => RealDate.now() + (Math.floor(performance.now() / jumpEveryMs) % 2 === 0 ? jump : 0);

globalThis.Date = class Date extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(now());
    else super(...parts);
  }

  static now() {
    return now();
  }
};
