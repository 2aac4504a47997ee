import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'react';
import UPlot from 'uplot';
import { useStore } from '../../api/store.ts';
import { timeZone } from '../clock.ts';
import { about, absolute } from '../format.ts';
import { plotOptions } from './plotOptions.ts';
import type { ChartData } from './series.ts';
import classes from './LineChart.module.css';

/** The curves, drawn by uPlot: as wide as their frame, in the colours of the page, with the values under the pointer. */
export function Plot({ steps, ...chart }: ChartData & { steps: boolean }) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  const zone = useStore(timeZone);
  const [pointed, setPointed] = useState<number | null>(null);
  const data = aligned(chart);
  const latest = useRef({ data, series: chart.series });
  latest.current = { data, series: chart.series };
  const shape = JSON.stringify(chart.series.map(({ name, tone }) => [name, tone]));

  useEffect(() => {
    const element = frame.current!;
    const options = plotOptions({ frame: element, series: latest.current.series, steps, zone, point: setPointed });
    const drawn = new UPlot(options, latest.current.data, element);
    plot.current = drawn;
    const resized = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: element.clientHeight }));
    resized.observe(element);
    // Light or dark: the colours are read anew each time that it is drawn.
    const recoloured = new MutationObserver(() => drawn.redraw(false));
    recoloured.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
    return () => {
      resized.disconnect();
      recoloured.disconnect();
      drawn.destroy();
    };
  }, [shape, steps, zone]);

  const values = JSON.stringify(data);
  useEffect(() => plot.current?.setData(latest.current.data), [values]);

  const seconds = pointed === null ? undefined : data[0][pointed];
  return (
    <>
      <div ref={frame} className={classes['plot']} />
      {seconds !== undefined && (
        <p className={classes['readout']}>
          {absolute(seconds * 1_000, zone)}
          {chart.series.map(({ name, values: shown }) => (
            <strong key={name}>
              {name} {shown[pointed!] == null ? '–' : about(shown[pointed!]!)}
            </strong>
          ))}
        </p>
      )}
    </>
  );
}

type Aligned = [number[], ...(number | null)[][]];

/** uPlot counts in seconds. */
function aligned({ times, series }: ChartData): Aligned {
  return [times.map((time) => new Date(time).getTime() / 1_000), ...series.map(({ values }) => [...values])];
}
