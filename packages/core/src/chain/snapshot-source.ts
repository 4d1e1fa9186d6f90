import { equalBytes } from '../base/bytes.ts';
import type { Hash } from '../crypto/hash.ts';
import { encodeOutline, type OutlinePiece, outlineId, outlinePiece } from '../state/snapshot-outline.ts';
import type { ChainParts } from './chain-parts.ts';
import type { CheckpointBlock } from './checkpoint-schedule.ts';
import { layout } from './layout.ts';
import { readManifest } from './load-checkpoint.ts';

/** The outline of a checkpoint that is in the store, as other nodes are shown it. */
export interface SnapshotOffer {
  readonly height: number;
  readonly blockId: Hash;
  /** The name of the outline. */
  readonly id: Hash;
  readonly outline: Uint8Array;
  readonly chunks: number;
}

/** An outline that is being made, piece by piece. */
interface Draft {
  readonly slot: number;
  readonly block: CheckpointBlock;
  readonly pieces: Generator<undefined, readonly [OutlinePiece[], OutlinePiece[]] | undefined, undefined>;
}

/**
 * Gives the checkpoints of this chain to nodes that join. The outline of one is made when it is first wanted, one chunk
 * at each step, and kept as long as the checkpoint is there.
 */
export class SnapshotSource {
  readonly #parts: ChainParts;
  /** One for each slot at most. */
  #offers: readonly (SnapshotOffer & { readonly slot: number })[] = [];
  #draft: Draft | undefined;
  /** A checkpoint of which no outline can be made: one of an older version of the program. */
  #unfit: Hash | undefined;

  constructor(parts: ChainParts) {
    this.#parts = parts;
  }

  /** The newest checkpoint of a final block, once its outline is made. */
  get newest(): SnapshotOffer | undefined {
    const wanted = this.#wanted();
    return wanted === undefined ? undefined : this.#offerOf(wanted.slot, wanted.block.id);
  }

  /** True when there is a checkpoint to give, whether or not its outline is made. */
  get isAvailable(): boolean {
    return this.#wanted() !== undefined;
  }

  /** Makes the next piece of the newest outline; false when there is nothing left to make. */
  step(): boolean {
    const wanted = this.#wanted();
    if (wanted === undefined || this.#offerOf(wanted.slot, wanted.block.id) !== undefined) return false;
    const { slot, block } = wanted;
    if (this.#draft?.slot !== slot || !equalBytes(this.#draft.block.id, block.id)) {
      this.#draft = { slot, block, pieces: this.#pieces(slot, block.id) };
    }
    const step = this.#draft.pieces.next();
    if (step.done !== true) return true;
    this.#draft = undefined;
    if (step.value === undefined) this.#unfit = block.id;
    else this.#keep(slot, block, step.value);
    return false;
  }

  /** A chunk of the snapshot with this outline; undefined when that is not here any more, or never was. */
  chunk(id: Hash, index: number): Uint8Array | undefined {
    const offer = this.#offers.find((known) => equalBytes(known.id, id));
    if (offer === undefined || index >= offer.chunks) return undefined;
    if (this.#offerOf(offer.slot, offer.blockId) === undefined) return undefined;
    return this.#parts.store.get(layout.chunk(offer.slot, index));
  }

  #wanted(): { readonly slot: number; readonly block: CheckpointBlock } | undefined {
    const newest = this.#parts.checkpoints.newestFinal(this.#parts);
    return newest === undefined || newest.block.id === this.#unfit ? undefined : newest;
  }

  #keep(slot: number, { id: blockId, height }: CheckpointBlock, pieces: readonly OutlinePiece[][]): void {
    const [coins = [], storage = []] = pieces;
    const outline = encodeOutline({ height, blockId, coins, storage });
    const chunks = [...coins, ...storage].filter(({ bytes }) => bytes > 0).length;
    const offer = { slot, height, blockId, id: outlineId(outline), outline, chunks };
    this.#offers = [...this.#offers.filter((other) => other.slot !== slot), offer];
  }

  /** What was made of a slot, if the slot still holds it. */
  #offerOf(slot: number, blockId: Hash): SnapshotOffer | undefined {
    if (!this.#isHeld(slot, blockId)) return undefined;
    return this.#offers.find((known) => known.slot === slot && equalBytes(known.blockId, blockId));
  }

  #isHeld(slot: number, blockId: Hash): boolean {
    const held = this.#parts.checkpoints.held(slot);
    return held !== undefined && equalBytes(held.id, blockId);
  }

  *#pieces(slot: number, blockId: Hash): Draft['pieces'] {
    const { store, kernel } = this.#parts;
    const cut = readManifest(store, slot)?.cut;
    if (cut === undefined) return undefined;
    const made: [OutlinePiece[], OutlinePiece[]] = [[], []];
    let chunk = 0;
    for (const [map, sizes] of [cut.coins, cut.storage].entries()) {
      for (const { depth, bytes } of sizes) {
        const stored = bytes === 0 ? undefined : store.get(layout.chunk(slot, chunk++));
        // The checkpoint has been replaced meanwhile, or is damaged: then it is no good for anybody.
        if (!this.#isHeld(slot, blockId) || (stored?.length ?? 0) !== bytes) return undefined;
        made[map as 0 | 1].push(outlinePiece(depth, stored, kernel.hasher));
        yield;
      }
    }
    return made;
  }
}
