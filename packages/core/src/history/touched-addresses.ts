import { bytesKey } from '../base/bytes-key.ts';
import { type Address, addressOf } from '../primitives/address.ts';
import type { Block } from '../primitives/block.ts';
import { FlatBlock, transactionAt, transactionCount } from '../primitives/flat-block.ts';
import { OUTPUT_BYTES } from '../primitives/output.ts';
import { AGREED, PAID } from './records.ts';
import { storeOrder } from './store-order.ts';

/** Bytes of an output before its address: asset 8, amount 8. */
const ADDRESS_IN_OUTPUT = 16;

/** An address in a block. */
export interface Touched {
  readonly address: Address;
  /** Where in the block, ascending, each transaction once; see layout.ts for places. */
  readonly places: readonly number[];
}

/**
 * The addresses a block has to do with, each once, in the order of the store. Of transfers in a flat block the
 * addresses are read where they lie, and are views of its bytes: no objects are made, and nothing is hashed again.
 */
export function touchedAddresses(block: Block): readonly Touched[] {
  const places = new Places();
  const count = transactionCount(block);
  for (let i = 0; i < count; i++) {
    if (block instanceof FlatBlock && block.isTransfer[i] === 1) addTransfer(places, block, i);
    else addTransaction(places, block, i);
  }
  const { touched } = places;
  const order = storeOrder(touched.length, (i) => (touched[i] as Touched).address);
  return Array.from(order, (i) => touched[i] as Touched);
}

function addTransaction(places: Places, block: Block, i: number): void {
  const { witnesses, outputs } = transactionAt(block, i);
  for (const { lock } of witnesses) places.add(addressOf(lock), i, AGREED);
  for (const { address } of outputs) places.add(address, i, PAID);
}

/** As {@link addTransaction}; a transfer has no actions, so its body ends with its outputs. */
function addTransfer(places: Places, block: FlatBlock, i: number): void {
  const { addresses, bytes, words, offsets, bodyEnds, witnessStarts } = block;
  const witnessEnd = witnessStarts[i + 1] as number;
  for (let witness = witnessStarts[i] as number; witness < witnessEnd; witness++) {
    places.add(addresses.subarray(32 * witness, 32 * witness + 32), i, AGREED);
  }
  const end = bodyEnds[i] as number;
  const outputs = ((words[(offsets[i] as number) / 4] as number) >>> 16) & 0xff;
  for (let output = end - outputs * OUTPUT_BYTES; output < end; output += OUTPUT_BYTES) {
    const at = output + ADDRESS_IN_OUTPUT;
    places.add(bytes.subarray(at, at + 32), i, PAID);
  }
}

/** Collects places by address. */
class Places {
  readonly touched: Touched[] = [];
  readonly #byAddress = new Map<string, number[]>();

  /** Transactions come in the order of the block, so one that the address has already is its last. */
  add(address: Address, position: number, what: number): void {
    const name = bytesKey(address);
    const places = this.#byAddress.get(name);
    if (places === undefined) {
      const first = [4 * position + what];
      this.#byAddress.set(name, first);
      this.touched.push({ address, places: first });
      return;
    }
    const last = places.at(-1) as number;
    if (last >>> 2 === position) places[places.length - 1] = last | what;
    else places.push(4 * position + what);
  }
}
