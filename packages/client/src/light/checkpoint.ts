import { parseBase64, toBase64 } from '@calin/core/base/base64.ts';
import { equalBytes, parseHex, toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { array, hex, type Infer, integer, object, optional, string } from '@calin/core/base/schema.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { encodeHeader } from '@calin/core/primitives/header.ts';
import {
  encodeValidatorSet,
  parseValidatorSet,
  VALIDATOR_SET_BYTES_MAX,
  type ValidatorSet,
} from '@calin/core/primitives/validator-set.ts';
import { type Followed, readOneHeader } from './followed.ts';
import { SETS_KEPT } from './limits.ts';
import { refuseLight } from './rules.ts';

/** Where trust begins: a block that somebody trusted named, or that this client followed before. */
export interface LightCheckpoint {
  readonly height: number;
  readonly id: Hash;
  /** Asked for from a server when left out. */
  readonly header?: Followed | undefined;
  /** Sets of its epoch and the next ones; proved by the state after the block when left out. */
  readonly sets: readonly ValidatorSet[];
}

/** Room for a header with a seal of usual size. */
const HEADER_TEXT_MAX = 8_192;

/** The JSON of a checkpoint: what `calin light --save` writes, and what a person can write by hand. */
const checkpointJson = object('A block that is trusted.', {
  chainId: hex('Id of the chain.', { bytes: 32 }),
  height: integer('Height of the block.', 0, 0xffff_ffff),
  id: hex('Id of the block.', { bytes: 32 }),
  header: optional(string('The header, in base64.', { lengthMax: HEADER_TEXT_MAX })),
  sets: optional(
    array(
      'Sets of validators, in base64.',
      string('A set.', { lengthMax: Math.ceil(VALIDATOR_SET_BYTES_MAX / 3) * 4 }),
      SETS_KEPT,
    ),
  ),
});

/** See {@link parseCheckpoint}. */
export type CheckpointJson = Infer<typeof checkpointJson>;

/** A block with the sets that are trusted with it, as JSON. */
export function formatCheckpoint(
  { id, header }: Followed,
  sets: readonly ValidatorSet[],
  chainId: Hash,
): CheckpointJson {
  return {
    chainId: toHex(chainId),
    height: header.height,
    id: toHex(id),
    header: toBase64(encodeHeader(header)),
    ...(sets.length === 0 ? {} : { sets: sets.map((set) => toBase64(encodeValidatorSet(set))) }),
  };
}

/** Reads what {@link formatCheckpoint} wrote, or what a person did. Refuses by `light/checkpoint` or `json/…`. */
export function parseCheckpoint(json: unknown, chainId: Hash): Result<LightCheckpoint> {
  const parsed = checkpointJson.parse(json, 'checkpoint');
  if (!parsed.ok) return parsed;
  const { height, header: headerText, sets: setTexts = [] } = parsed.value;
  const id = parseHex(parsed.value.id);
  if (id === undefined || parsed.value.chainId.toLowerCase() !== toHex(chainId)) {
    return refuseLight('light/checkpoint', { got: parsed.value.chainId, expected: toHex(chainId) });
  }
  const header = headerText === undefined ? ok(undefined) : readBase64(headerText, readOneHeader);
  if (!header.ok) return header;
  if (header.value !== undefined && !isBlock(header.value, height, id)) {
    return refuseLight('light/checkpoint', { got: toHex(header.value.id), expected: toHex(id) });
  }
  const sets: ValidatorSet[] = [];
  for (const text of setTexts) {
    const set = readBase64(text, parseValidatorSet);
    if (!set.ok) return set;
    sets.push(set.value);
  }
  return ok({ height, id, header: header.value, sets });
}

/** Whether a header is that of the block of this height and id. */
export function isBlock({ id, header }: Followed, height: number, expected: Hash): boolean {
  return header.height === height && equalBytes(id, expected);
}

function readBase64<T>(text: string, parse: (bytes: Uint8Array) => Result<T>): Result<T> {
  const bytes = parseBase64(text);
  return bytes === undefined ? refuseLight('light/checkpoint', { got: text.slice(0, 80) }) : parse(bytes);
}
