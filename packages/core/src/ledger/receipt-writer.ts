import { RECEIPT_BYTES } from '../primitives/receipt.ts';

const TWO_POW_32 = 0x1_0000_0000;

/** Collects the receipts of a block as bytes, for a block has thousands. The first one is the reward's. */
export class ReceiptWriter {
  #bytes = new Uint8Array(64 * RECEIPT_BYTES);
  #view = new DataView(this.#bytes.buffer);
  /** Bytes so far; the reward's receipt has its place before the others. */
  #length = RECEIPT_BYTES;

  /**
   * Adds the receipt of the next transaction after the reward.
   *
   * @param txids - holds the txid at `at`
   * @param gasUsed - like the amounts at most 2^53 − 1
   */
  add(txids: Uint8Array, at: number, gasUsed: number, fee: number, burned: number): void {
    if (this.#length + RECEIPT_BYTES > this.#bytes.length) this.#grow();
    const start = this.#length;
    for (let i = 0; i < 32; i++) this.#bytes[start + i] = txids[at + i] as number;
    this.#u53(start + 32, gasUsed);
    this.#u53(start + 40, fee);
    this.#u53(start + 48, burned);
    this.#length = start + RECEIPT_BYTES;
  }

  /**
   * All receipts end to end; they are the caller's. The reward's has its txid and its gas; it pays no fee.
   *
   * @param rewardGas - see {@link rewardActionGas}
   */
  finish(rewardTxid: Uint8Array, rewardGas: number): Uint8Array {
    this.#bytes.set(rewardTxid, 0);
    this.#u53(32, rewardGas);
    return this.#bytes.slice(0, this.#length);
  }

  #u53(at: number, value: number): void {
    this.#view.setUint32(at, value % TWO_POW_32, true);
    this.#view.setUint32(at + 4, Math.floor(value / TWO_POW_32), true);
  }

  #grow(): void {
    const bytes = new Uint8Array(2 * this.#bytes.length);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}
