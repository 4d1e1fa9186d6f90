import { PRESETS } from '@calin/core/spec/consensus-presets.ts';
import type { NodeReport } from './cluster.ts';
import type { ClusterShape } from './cluster-genesis.ts';

/** Blocks that may be late, and the least time for them: luck, a leader that is gone, a machine that is busy. */
const LATE_BLOCKS = 10;
const LATE_MS_MIN = 10_000;

/** Blocks that a final one may be late where there are votes on checkpoints: several intervals. */
const LATE_FINAL_BLOCKS = 30;

/** Notices that a local network makes no blocks any more, or that none becomes final where votes say so. */
export class Standstill {
  readonly #shape: ClusterShape;
  #height = 0;
  #final = 0;
  #heightMs: number;
  #finalMs: number;

  /** @param nowMs - of any clock that only goes forward */
  constructor(shape: ClusterShape, nowMs: number) {
    this.#shape = shape;
    this.#heightMs = nowMs;
    this.#finalMs = nowMs;
  }

  /** Looks at the nodes; a sentence when they stand still. */
  look(reports: readonly NodeReport[], nowMs: number): string | undefined {
    const answers = reports.flatMap(({ status }) => status ?? []);
    const height = Math.max(0, ...answers.map(({ head }) => head.height));
    const final = Math.max(0, ...answers.map((status) => status.final.height));
    if (height > this.#height) [this.#height, this.#heightMs] = [height, nowMs];
    if (final > this.#final) [this.#final, this.#finalMs] = [final, nowMs];
    // Before the first block there is nothing that could stand still.
    if (this.#height === 0) return undefined;
    const { nodes, consensus, blockMs } = this.#shape;
    const late = (blocks: number) => Math.max(LATE_MS_MIN, blocks * blockMs);
    const up = `${answers.length} of ${nodes} nodes answer`;
    const votes = PRESETS[consensus].finality.kind !== 'depth';
    const needs = votes ? ', and votes need more than two thirds of the validators' : '';
    if (nowMs - this.#heightMs > late(LATE_BLOCKS)) return `The chain stands still: ${up}${needs}.`;
    if (!votes || nowMs - this.#finalMs <= late(LATE_FINAL_BLOCKS)) return undefined;
    return `Blocks go on, and none becomes final: ${up}${needs}.`;
  }
}
