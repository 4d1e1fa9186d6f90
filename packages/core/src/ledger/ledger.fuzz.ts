import { assert } from '../base/assert.ts';
import { concatBytes, equalBytes, toHex } from '../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../base/fuzz.testing.ts';
import { type VerifySignature, verifySignature } from '../crypto/signature.ts';
import { createBlock, parseBlock } from '../primitives/block.ts';
import { createTransaction, parseTransaction, type Transaction } from '../primitives/transaction.ts';
import { Overlay, viewOf } from '../state/view.ts';
import { applyBlock } from './apply-block.ts';
import { applyTransaction } from './apply-transaction.ts';
import { environmentAfter } from './environment.ts';
import { History } from './testing/history.testing.ts';
import { signForReal } from './testing/owners.testing.ts';
import { SIGNATURES_CHECKED } from './transaction-signatures.ts';

/** Inputs for one history: making one costs as much as several dozen inputs. */
const INPUTS_PER_HISTORY = 500;

/** Bytes at the edges of counts, tags and amounts. */
const EDGE_BYTES = [0, 1, 2, 3, 4, 5, 0x1f, 0x20, 0x7f, 0x80, 0xff] as const;

/**
 * Damages the transactions and blocks of valid histories. The ledger never throws on what a parser accepts; a
 * refusal leaves no trace; and with its signatures checked no damaged transaction, and no block with a damaged
 * transaction, is accepted.
 */
export const fuzz: FuzzTarget = {
  name: 'ledger',
  run(random: SeededRandom, iterations: number): void {
    for (let done = 0; done < iterations; done += INPUTS_PER_HISTORY) {
      const target = prepare(random);
      const inputs = Math.min(INPUTS_PER_HISTORY, iterations - done);
      for (let i = 0; i < inputs; i++) {
        if (random.below(3) > 0) tryTransaction(target, random);
        else tryBlock(target, random);
      }
    }
  },
};

/** A history, and one transaction on top of it with the overlay that it holds on. */
interface Target {
  readonly history: History;
  readonly overlay: Overlay;
  readonly tx: Transaction;
}

function prepare(random: SeededRandom): Target {
  const history = new History({ seed: random.u32(), signer: signForReal });
  for (let height = 1 + random.below(4); height > 0; height--) history.grow(3);
  const made = history.transactions(4);
  const tx = made.pop();
  assert(tx !== undefined, 'a history always finds something to do');
  const overlay = new Overlay(viewOf(history.state));
  for (const before of made) {
    const applied = applyTransaction(history.spec, overlay, before, history.env, SIGNATURES_CHECKED);
    assert(applied.ok, 'a history makes valid transactions');
  }
  return { history, overlay, tx };
}

function tryTransaction({ history, overlay, tx }: Target, random: SeededRandom): void {
  const bytes = damage(tx.bytes, random);
  const parsed = parseTransaction(bytes, history.chainId);
  if (!parsed.ok) return;
  const { witnesses, ...body } = parsed.value;
  const again = createTransaction(body, witnesses, history.chainId);
  assert(equalBytes(again.bytes, bytes), `two encodings of one transaction: ${toHex(bytes)}`);
  tryWith(SIGNATURES_CHECKED);
  const accepted = tryWith(verifySignature);
  assert(!accepted || equalBytes(bytes, tx.bytes), `accepted with foreign signatures: ${toHex(bytes)}`);

  function tryWith(verify: VerifySignature): boolean {
    const before = overlay.mark();
    const applied = applyTransaction(history.spec, overlay, again, history.env, verify);
    const after = overlay.mark();
    overlay.rollback(before);
    const traceless = before.coins === after.coins && before.storage === after.storage;
    assert(applied.ok || traceless, 'a refused transaction left a trace');
    return applied.ok;
  }
}

function tryBlock({ history }: Target, random: SeededRandom): void {
  const height = random.below(history.blocks.length);
  const before = history.blocks[height - 1];
  const original = history.blocks[height]?.block ?? history.genesis;
  const parsed = parseBlock(damage(original.bytes, random), history.chainId);
  if (!parsed.ok) return;
  const block = parsed.value;
  const again = createBlock(block.header, block.transactions);
  assert(equalBytes(again.bytes, block.bytes), `two encodings of one block: ${toHex(block.bytes)}`);
  const parent = (before?.block ?? history.genesis).header;
  const env = environmentAfter(history.spec, history.chainId, parent, block.header);
  // The chain refuses a block at the wrong height before the ledger sees it.
  if (block.header.height !== env.height) return;
  const state = before?.result.state ?? history.genesisState;
  // The transaction root covers the signatures, so a block says itself when one was changed.
  const applied = applyBlock(history.spec, state, block, env, SIGNATURES_CHECKED);
  if (!applied.ok) return;
  const same = block.transactions.every((tx, i) => {
    const { bytes } = original.transactions[i] ?? {};
    return bytes !== undefined && equalBytes(tx.bytes, bytes);
  });
  assert(same && block.transactions.length === original.transactions.length, 'a damaged block was accepted');
}

/** Changes one to three places; now and then none, so that the way of valid bytes is walked too. */
function damage(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  let damaged = bytes;
  for (let round = random.below(4); round > 0; round--) {
    const at = random.below(damaged.length);
    if (random.oneIn(8)) damaged = concatBytes(damaged.subarray(0, at), damaged.subarray(at + 4));
    else damaged = withByte(damaged, at, random.oneIn(2) ? random.pick(EDGE_BYTES) : random.below(256));
    if (damaged.length === 0) break;
  }
  return damaged;
}

function withByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
}
