import UPlot from 'uplot';
import { about } from '../format.ts';
import { axisTime } from './axisTime.ts';
import { type Series, toneOf } from './series.ts';

type Wanted = {
  frame: HTMLElement;
  series: readonly Series[];
  steps: boolean;
  zone: 'local' | 'UTC';
  /** hears which value the pointer is at; null when it has left */
  point: (place: number | null) => void;
};

const dashes: readonly (number[] | undefined)[] = [undefined, [6, 4], [2, 3], [8, 3, 2, 3]];
const wholeSteps = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

/** How uPlot draws: quiet grid, axes from zero, colours of the page, nothing to zoom or to move. */
export function plotOptions({ frame, series, steps, zone, point }: Wanted): UPlot.Options {
  const style = getComputedStyle(frame);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `12px ${style.fontFamily}`;
  const grid = { stroke: () => colour('--line'), width: 1 };
  const axis = { stroke: () => colour('--muted'), font, grid, ticks: { show: false } };
  const whole = series.every(({ values }) => values.every((value) => value === null || Number.isInteger(value)));
  return {
    width: frame.clientWidth,
    height: frame.clientHeight,
    padding: [12, 28, 0, 0],
    legend: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    cursor: { drag: { setScale: false, x: false, y: false }, y: false, points: { size: 7 } },
    drawOrder: ['series', 'axes'] as UPlot.DrawOrderKey[],
    ...(zone === 'UTC' ? { tzDate: (seconds: number) => UPlot.tzDate(new Date(seconds * 1_000), 'UTC') } : {}),
    scales: {
      y: { range: (_plot, _least, most) => UPlot.rangeNum(0, Math.max(most ?? 0, whole ? 1 : Number.MIN_VALUE), 0.1, true) },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 26,
        space: 60,
        values: (plot, splits, _axis, _space, increment) => {
          const [from, to] = [plot.scales['x']!.min ?? 0, plot.scales['x']!.max ?? 0];
          return splits.map((seconds) => axisTime(seconds * 1_000, increment, to - from, zone));
        },
      },
      {
        ...axis,
        gap: 8,
        space: 36,
        size: (_plot, texts) => 20 + 7 * Math.max(0, ...(texts ?? []).map((text) => text.length)),
        values: (_plot, splits) => splits.map((value) => about(value)),
        ...(whole ? { incrs: wholeSteps } : {}),
      },
    ],
    series: [
      {},
      ...series.map((one, place): UPlot.Series => {
        const tone = toneOf(one, place);
        const stroke = () => colour(tone === 'quiet' ? '--muted' : `--${tone}`);
        return {
          label: one.name,
          width: 2,
          stroke,
          ...(dashes[place % dashes.length] ? { dash: dashes[place % dashes.length]! } : {}),
          ...(series.length === 1 ? { fill: () => colour(`--${tone}-soft`) } : {}),
          ...(steps ? { paths: UPlot.paths.stepped!({ align: 1 }) } : {}),
          points: { show: one.values.length === 1, size: 7, stroke, fill: stroke },
        };
      }),
    ],
    hooks: { setCursor: [({ cursor }) => point(cursor.idx ?? null)] },
  };
}
