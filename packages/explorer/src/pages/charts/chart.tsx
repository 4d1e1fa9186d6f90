import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import { Panel } from '../../ui/panel.tsx';
import { useScheme } from '../../ui/use-scheme.ts';
import { formatTicks, formatValue } from './format-value.ts';

const HEIGHT = 180;

/** A line over time, drawn on a canvas, with its range in words. */
export function Chart({
  title,
  unit,
  values,
  timesMs,
}: {
  readonly title: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly timesMs: readonly number[];
}) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const scheme = useScheme();
  const data = useMemo<uPlot.AlignedData>(
    () => [timesMs.map((ms) => ms / 1000), [...values]],
    [timesMs, values],
  );
  const shown = useRef(data);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const made = new uPlot(optionsFor(element, scheme), shown.current, element);
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
    };
  }, [scheme]);
  useEffect(() => {
    shown.current = data;
    plot.current?.setData(data);
  }, [data]);
  const range =
    values.length === 0 ? '' : `${formatValue(Math.min(...values))} to ${formatValue(Math.max(...values))}`;
  return (
    <Panel title={title} aside={`${formatValue(values.at(-1) ?? 0)} ${unit}`}>
      {/* The canvas gets its new width a moment after its box, which it must not hold open meanwhile. */}
      <div
        ref={box}
        role="img"
        aria-label={`${title}: ${range} ${unit}`}
        className="h-[180px] min-w-0 overflow-hidden text-accent"
      />
    </Panel>
  );
}

/** The tokens as they are in a scheme; a canvas knows no styles. */
function optionsFor(element: HTMLElement, scheme: 'light' | 'dark'): uPlot.Options {
  const styles = getComputedStyle(element);
  const ink = getComputedStyle(element.parentElement ?? element).color;
  const faint = scheme === 'dark' ? 'rgba(255, 255, 255, 0.1)' : 'rgba(0, 0, 0, 0.08)';
  const grid = { stroke: faint, width: 1 };
  const axis = { stroke: ink, grid, ticks: { show: false }, font: `11px ${styles.fontFamily}` };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false },
    scales: { y: { range: (_plot, least, most) => rangeOf(least, most) } },
    axes: [
      { ...axis, size: 26, space: 70, values: (_plot, ticks) => formatTicks(ticks) },
      { ...axis, size: 56, values: (_plot, ticks) => ticks.map(formatValue) },
    ],
    series: [{}, { stroke: styles.color, width: 1.5, points: { show: false } }],
  };
}

/** A line that never moves lies in the middle; others do not touch the border. */
function rangeOf(least: number | null, most: number | null): [number, number] {
  if (least === null || most === null) return [0, 1];
  if (least === most) return [Math.min(0, least), least === 0 ? 1 : least * 2];
  const room = (most - least) * 0.08;
  return [least >= 0 ? Math.max(0, least - room) : least - room, most + room];
}
