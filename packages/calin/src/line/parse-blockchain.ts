import { equalBytes, parseHex, toHex } from '@calin/core/base/bytes.ts';
import { type Failure, ok, type Result } from '@calin/core/base/result.ts';
import { Reader } from '@calin/core/codec/reader.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { headerId, readHeader } from '@calin/core/primitives/header.ts';
import type { LineLimits } from './limits.ts';
import { refuseLine } from './rules.ts';

/** The encoded bytes of one block that was sent, and the height that its header names. */
export interface SentBlock {
  readonly height: number;
  readonly bytes: Uint8Array;
}

/**
 * Reads the data of SYNC_BLOCKCHAIN: JSON as GET_BLOCKCHAIN gives it. `blocks` is a list of objects of which each has
 * its `bytes`; an `id` beside them, and the `chainId` of the whole, have to be right where they are given. Everything
 * else is passed over. The blocks are not checked here, only their headers read.
 *
 * @returns refuses by `line/data`, `line/other-chain`, `line/too-many-blocks`, or by `codec/…` for a header
 */
export function parseBlockchain(
  data: string,
  chainId: Hash,
  { blocksMax }: Pick<LineLimits, 'blocksMax'>,
): Result<readonly SentBlock[]> {
  const json = parseFlatJson(data, blocksMax);
  if (!json.ok) return json;
  const given = ownField(json.value, 'chainId');
  const expected = toHex(chainId);
  if (given !== undefined && given !== expected) {
    return refuseLine('line/other-chain', { got: String(given).slice(0, 64), expected });
  }
  const blocks = ownField(json.value, 'blocks');
  if (!Array.isArray(blocks)) return refuseData('blocks');
  if (blocks.length > blocksMax) {
    return refuseLine('line/too-many-blocks', { got: blocks.length, expected: blocksMax });
  }
  const sent: SentBlock[] = [];
  for (const [position, block] of blocks.entries()) {
    const read = parseSentBlock(block, position);
    if (!read.ok) return read;
    sent.push(read.value);
  }
  return ok(sent);
}

/** JSON with no more lists and objects than the blocks of a line have, twice: a nest of them would take gigabytes. */
function parseFlatJson(data: string, blocksMax: number): Result<unknown> {
  const openedMax = 2 * blocksMax + 16;
  let opened = 0;
  for (const bracket of ['{', '['])
    for (let at = data.indexOf(bracket); at >= 0; at = data.indexOf(bracket, at + 1)) {
      opened += 1;
      if (opened > openedMax) return refuseLine('line/too-many-blocks', { expected: blocksMax });
    }
  try {
    return ok(JSON.parse(data) as unknown);
  } catch {
    return refuseData('JSON');
  }
}

function parseSentBlock(block: unknown, position: number): Result<SentBlock> {
  const text = ownField(block, 'bytes');
  const bytes = typeof text === 'string' ? parseHex(text) : undefined;
  if (bytes === undefined) return refuseData('bytes', position);
  const reader = new Reader(bytes);
  const header = readHeader(reader);
  const { failure } = reader;
  if (failure !== undefined) {
    return { ok: false, error: { ...failure.error, evidence: { ...failure.error.evidence, position } } };
  }
  const id = ownField(block, 'id');
  const isSame = typeof id === 'string' && equalBytes(parseHex(id) ?? new Uint8Array(), headerId(header));
  if (id !== undefined && !isSame) return refuseData('id', position);
  return ok({ height: header.height, bytes });
}

function refuseData(missing: string, position?: number): Failure {
  return refuseLine('line/data', position === undefined ? { at: missing } : { at: missing, position });
}

/** A field that the object itself has. */
function ownField(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
