import { ANSWERS } from '../line/answers.ts';
import type { LineBlockchain } from '../line/read-blockchain.ts';
import { formatTable, printable } from './output.ts';

/** An answer of the line protocol, for programs and for people. */
export interface PresentedAnswer {
  readonly json: unknown;
  /** For a terminal; a blockchain is a table without the bytes. */
  readonly text: string;
  /** True for an error, and for an invalid blockchain. */
  readonly isRefusal: boolean;
}

/** Tells the answers of a node apart. */
export function presentAnswer(answer: string): PresentedAnswer {
  const [, rule, reason] = /^ERROR:([a-z0-9-]+\/[a-z0-9-]+): (.*)$/.exec(answer) ?? [];
  if (rule !== undefined && reason !== undefined) {
    return { json: { answer: 'ERROR', rule, reason }, text: printable(answer), isRefusal: true };
  }
  const blockchain = answer.startsWith('{') ? parseBlockchain(answer) : undefined;
  if (blockchain !== undefined) {
    const json = { answer: 'BLOCKCHAIN', blockchain };
    return { json, text: formatBlockchain(blockchain), isRefusal: false };
  }
  const isRefusal = answer !== ANSWERS.success && answer !== ANSWERS.valid;
  return { json: { answer }, text: printable(answer), isRefusal };
}

function parseBlockchain(answer: string): LineBlockchain | undefined {
  try {
    // It comes from the node that the user has chosen; what is shown of it is made printable.
    const json = JSON.parse(answer) as LineBlockchain;
    return Array.isArray(json.blocks) ? json : undefined;
  } catch {
    return undefined;
  }
}

function formatBlockchain({ chainId, height, blocks, next }: LineBlockchain): string {
  const rows = blocks.map((block) => [
    String(block.height),
    String(block.id),
    formatTime(block.timeMs),
    `${String(block.bytes).length / 2} bytes`,
  ]);
  const more = next <= height ? `\nMore with GET_BLOCKCHAIN:${next}` : '';
  const lowest = blocks[0]?.height ?? 0;
  const earlier = lowest > 0 ? `\nFrom the beginning with GET_BLOCKCHAIN:0` : '';
  return printable(`Chain ${chainId}, height ${height}\n${formatTable(rows, [0, 3])}${earlier}${more}`);
}

function formatTime(timeMs: number): string {
  const time = new Date(timeMs);
  return Number.isNaN(time.getTime()) ? '?' : time.toISOString();
}
