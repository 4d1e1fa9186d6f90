import { type PointerEvent, useRef, useState } from 'react';
import { cutBy, type Point } from './layout-nodes.ts';

/** Shorter lines are a hand that trembled. */
const LINE_MIN = 40;

/** The line is drawn as far as the picture reaches. */
const REACH = 320;

interface Line {
  readonly from: Point;
  readonly to: Point;
}

/** What can be done to the picture by hand. */
export interface HandOptions {
  /** Where the nodes stand. */
  readonly nodes: readonly Point[];
  /** A node was pointed at. */
  readonly toggle: (node: number) => void;
  /** A line was drawn, with these nodes on its smaller side; undefined while nothing can be cut. */
  readonly cut: ((nodes: readonly number[]) => void) | undefined;
}

/** A mouse or a finger on the picture: a line across it cuts the network, and a node that is pointed at is chosen. */
export function useHand({ nodes, toggle, cut }: HandOptions) {
  const [drawn, setDrawn] = useState<Line>();
  /** The same, as soon as it changes: the hand may be up before anything was drawn. */
  const now = useRef<Line>(undefined);
  const draw = (line: Line | undefined) => {
    now.current = line;
    setDrawn(line);
  };
  const down = (event: PointerEvent<SVGSVGElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const from = pointOf(event);
    draw({ from, to: from });
  };
  const move = (event: PointerEvent<SVGSVGElement>) => {
    if (now.current !== undefined) draw({ from: now.current.from, to: pointOf(event) });
  };
  const up = (event: PointerEvent<SVGSVGElement>) => {
    const line = now.current;
    draw(undefined);
    if (line === undefined) return;
    if (!isLong(line)) {
      const mark = document.elementFromPoint(event.clientX, event.clientY)?.closest('[data-node]');
      if (mark !== null && mark !== undefined) toggle(Number(mark.getAttribute('data-node')));
      return;
    }
    const apart = cutBy(line.from, line.to, nodes);
    if (apart.length > 0) cut?.(apart);
  };
  const handlers = {
    onPointerDown: down,
    onPointerMove: move,
    onPointerUp: up,
    onPointerCancel: () => draw(undefined),
  };
  const shown = cut !== undefined && drawn !== undefined && isLong(drawn) ? drawn : undefined;
  return {
    apart: shown === undefined ? [] : cutBy(shown.from, shown.to, nodes),
    line: shown && lengthen(shown),
    handlers,
  };
}

function isLong({ from, to }: Line): boolean {
  return Math.hypot(to.x - from.x, to.y - from.y) >= LINE_MIN;
}

/** Where a pointer is, in the units of the picture. */
function pointOf(event: PointerEvent<SVGSVGElement>): Point {
  const matrix = event.currentTarget.getScreenCTM();
  if (matrix === null) return { x: 0, y: 0 };
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  return { x, y };
}

function lengthen({ from: a, to: b }: Line) {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const [dx, dy] = [((b.x - a.x) / length) * REACH, ((b.y - a.y) / length) * REACH];
  return { x1: a.x - dx, y1: a.y - dy, x2: b.x + dx, y2: b.y + dy };
}
