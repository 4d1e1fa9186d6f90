import { type Amount, isAmount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { ok, type Result } from '../../base/result.ts';
import { parseUtf8, utf8Bytes } from '../../base/text.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { Action } from '../../primitives/action.ts';
import type { Address } from '../../primitives/address.ts';
import type { Outpoint } from '../../primitives/outpoint.ts';
import { NATIVE_ASSET } from '../../primitives/output.ts';
import { refuseLedger } from '../rules.ts';
import { readToken, tokenId, writeToken } from '../token.ts';
import type { ActionContext } from './action-context.ts';

/**
 * Creates an asset and mints its initial supply into the same transaction. Body: supplyMax u64, supply u64, minter
 * 32, decimals u8, symbolBytes u8, nameBytes u8, zero u8, symbol, name. Its id is {@link tokenId}.
 */
export interface TokenCreateAction {
  readonly kind: 'token-create';
  /** 1 to 12 of A-Z and 0-9. */
  readonly symbol: string;
  /** At most 64 bytes of UTF-8 without control characters; may be empty. */
  readonly name: string;
  /** 0 to 18. */
  readonly decimals: number;
  /** 1 to 2^53 − 1 base units. */
  readonly supplyMax: Amount;
  /** 0 to supplyMax base units, taken by the outputs of this transaction. */
  readonly supply: Amount;
  /** Who may mint later; 32 zeros for nobody: then the initial supply is the supply for ever. */
  readonly minter: Address;
}

/** The tag of a {@link TokenCreateAction}. */
export const TOKEN_CREATE_TAG = 2;

const SYMBOL_PATTERN = /^[A-Z0-9]{1,12}$/;
const NAME_BYTES_MAX = 64;
const DECIMALS_MAX = 18;

/**
 * Ranges of characters that a name may not hold: the control characters (C0, DEL with C1) and those that turn the
 * direction of text or break its line (Unicode UAX #9 and #14), by which a name could make a page show something
 * else. Spelled out, because a property such as \p{Cf} changes with the Unicode version of the engine, and nodes
 * would disagree.
 */
const HIDDEN_RANGES = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0x61c, 0x61c],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
] as const;

/**
 * The action as it travels.
 *
 * @throws AssertionError when {@link parseTokenCreateAction} would refuse it
 */
export function encodeTokenCreateAction(action: TokenCreateAction): Action {
  const checked = checkTokenCreate(action);
  assert(checked.ok, checked.ok ? '' : `a token that no ledger accepts: ${checked.error.rule}`);
  const symbol = utf8Bytes(action.symbol);
  const name = utf8Bytes(action.name);
  const writer = new Writer(160).u53(action.supplyMax).u53(action.supply).hash(action.minter);
  writer.u8(action.decimals).u8(symbol.length).u8(name.length).u8(0).bytes(symbol).bytes(name);
  return { tag: TOKEN_CREATE_TAG, body: writer.finish() };
}

/** Reads a body. Refuses by `codec/…` or the `token/…` rules of its fields. */
export function parseTokenCreateAction(body: Uint8Array): Result<TokenCreateAction> {
  const reader = new Reader(body);
  const supplyMax = reader.u53() as Amount;
  const supply = reader.u53() as Amount;
  const minter = reader.hash();
  const decimals = reader.u8();
  const symbolBytes = reader.u8();
  const nameBytes = reader.u8();
  reader.canonical(reader.u8() === 0, 'the unused byte of a token is zero');
  const symbol = parseUtf8(reader.take(symbolBytes));
  const name = parseUtf8(reader.take(nameBytes));
  const layout = reader.finish(undefined);
  if (!layout.ok) return layout;
  if (symbol === undefined) return refuseLedger('token/symbol', { why: 'not valid UTF-8' });
  if (name === undefined) return refuseLedger('token/name', { why: 'not valid UTF-8' });
  return checkTokenCreate({ kind: 'token-create', symbol, name, decimals, supplyMax, supply, minter });
}

/** Refuses what the bytes of the action say wrong, whatever the state. */
function checkTokenCreate(action: TokenCreateAction): Result<TokenCreateAction> {
  const { symbol, name, decimals, supplyMax, supply } = action;
  if (!SYMBOL_PATTERN.test(symbol)) return refuseLedger('token/symbol', { length: symbol.length });
  if (utf8Bytes(name).length > NAME_BYTES_MAX) {
    return refuseLedger('token/name', { got: utf8Bytes(name).length, expected: NAME_BYTES_MAX });
  }
  if (hasHiddenCharacter(name)) return refuseLedger('token/name', { why: 'control character' });
  if (decimals > DECIMALS_MAX)
    return refuseLedger('token/decimals', { got: decimals, expected: DECIMALS_MAX });
  if (supplyMax < 1 || supply > supplyMax || !isAmount(supply)) {
    return refuseLedger('token/supply-range', { got: supply, expected: supplyMax });
  }
  return ok(action);
}

function hasHiddenCharacter(text: string): boolean {
  // Every range lies below U+10000, so UTF-16 units are enough.
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (HIDDEN_RANGES.some(([first, last]) => unit >= first && unit <= last)) return true;
  }
  return false;
}

/** Writes the token's record and credits its initial supply. */
export function applyTokenCreateAction(action: TokenCreateAction, context: ActionContext): Result<undefined> {
  const { overlay, tx, index, env, balances } = context;
  // The shape check has refused transactions without inputs.
  const asset = tokenId(tx.inputs[0] as Outpoint, index);
  // 53 bits can collide with another token, and one in 2^53 is the native coin.
  if (asset === NATIVE_ASSET || readToken(overlay, asset) !== undefined) {
    return refuseLedger('token/id-taken', { asset });
  }
  const { symbol, name, decimals, supplyMax, supply, minter } = action;
  const origin = { height: env.height, txid: tx.txid };
  writeToken(overlay, asset, { symbol, name, decimals, supplyMax, supply, minter, ...origin });
  return balances.credit(asset, supply);
}
