import { SEAL_BYTES_MAX } from '@calin/core/primitives/limits.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';

/** What the line protocol takes. Only programs of this machine reach it, which may still be mistaken or malicious. */
export interface LineLimits {
  /** Open connections; each is answered one line at a time. */
  readonly connectionsMax: number;
  /** Bytes of a line that brings no blocks: the longest payment has some 200. */
  readonly lineBytesMax: number;
  /** Bytes of a line that brings blocks. */
  readonly dataBytesMax: number;
  /** Bytes of all lines with blocks together, from their first byte to their answer. */
  readonly allDataBytesMax: number;
  /** Bytes of blocks, in hexadecimal, after which an answer takes in no further one. */
  readonly answerBytesMax: number;
  /** Blocks of one line, in either direction. */
  readonly blocksMax: number;
  /** Lines of one connection that are answered in a second, over a longer time. */
  readonly linesPerSecond: number;
  /** The same at once. */
  readonly linesAtOnce: number;
  /** Without the first byte of a line. */
  readonly idleMs: number;
  /** From the first byte of a line to its end. */
  readonly lineMs: number;
  /** For an answer, from the moment it is ready until the other side has taken it. */
  readonly answerMs: number;
  /** How long a closing connection may take for what it is still told. */
  readonly closeGraceMs: number;
}

const MIB = 2 ** 20;

/** What stands around the bytes of the blocks of a line. */
const ENVELOPE_BYTES = 65_536;

/**
 * The limits for a chain: a line holds its largest block in hexadecimal, with the seal. At their worst, on a chain of
 * usual blocks, the connections hold some 100 MiB together: 16 answers, and lines of 16 MiB with what is made of them.
 */
export function lineLimits({ limits }: Pick<ChainSpec, 'limits'>): LineLimits {
  const blockBytes = 2 * (limits.blockBytesMax + SEAL_BYTES_MAX);
  const dataBytesMax = Math.max(4 * MIB, blockBytes) + ENVELOPE_BYTES;
  return {
    connectionsMax: 16,
    lineBytesMax: 1024,
    dataBytesMax,
    allDataBytesMax: Math.max(16 * MIB, 2 * dataBytesMax),
    answerBytesMax: MIB,
    blocksMax: 128,
    linesPerSecond: 50,
    linesAtOnce: 200,
    idleMs: 300_000,
    lineMs: 30_000,
    answerMs: 30_000,
    closeGraceMs: 1000,
  };
}
