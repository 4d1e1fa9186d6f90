import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { Block } from '@calin/core/primitives/block.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import { applyTry, findPayment, type Tried } from './apply-try.ts';
import { judgeAlone } from './judge-alone.ts';
import type { LabChain, Verdict } from './lab-chain.ts';
import { type Repair, repairBytes } from './repairs.ts';
import { sealBlock, type WorkProgress } from './seal-block.ts';
import type { TryName } from './tries.ts';

/** What the page knows of the block that lies in the lab. */
export interface LabBlock {
  readonly height: number;
  readonly id: string;
  /** The block as the node has it. */
  readonly bytes: Uint8Array;
  /** How addresses of the chain begin. */
  readonly prefix: string;
  /** True where a seal is work. */
  readonly isWork: boolean;
  readonly hasPayment: boolean;
  /** True when everything is checked; otherwise only what needs no state. */
  readonly isWhole: boolean;
}

/** What a session is made of. */
export interface LabParts {
  /** At the parent of the block, or at genesis where that is too far. */
  readonly chain: LabChain;
  readonly block: Block;
  readonly parent: { readonly header: Header; readonly id: Hash };
  /** What each transaction paid. */
  readonly fees: readonly number[];
  /** The time of the node; never before the block's own. */
  readonly nowMs: () => number;
}

/** A block in the lab: judges what becomes of it, and makes what was changed fit again. */
export class LabSession {
  readonly facts: LabBlock;
  readonly #parts: LabParts;

  constructor(parts: LabParts) {
    const { chain, block, parent } = parts;
    this.#parts = parts;
    this.facts = {
      height: block.header.height,
      id: toHex(block.id),
      bytes: block.bytes,
      prefix: chain.spec.addressPrefix,
      isWork: chain.production.kind === 'pow',
      hasPayment: findPayment(block.transactions) !== undefined,
      isWhole: equalBytes(chain.parentId, parent.id),
    };
  }

  /** Takes work as done; see {@link LabChain.isWorkTaken}. */
  takeWork(isTaken: boolean): void {
    this.#parts.chain.isWorkTaken = isTaken;
  }

  /** What a node says of these bytes. */
  judge(bytes: Uint8Array): Verdict {
    const { chain, parent, nowMs } = this.#parts;
    return this.facts.isWhole ? chain.judge(bytes, nowMs()) : judgeAlone(chain, bytes, parent, nowMs());
  }

  /** The block with one of the changes that the lab proposes. Refuses by `lab/…`. */
  change(name: TryName): Result<Tried> {
    const { chain, parent, fees } = this.#parts;
    const { bytes, prefix, isWork } = this.facts;
    const place = { bytes, prefix, fees, chainId: chain.chainId, parent: parent.header, isInTurn: !isWork };
    return applyTry(name, place);
  }

  /** Makes changed bytes fit again, where that takes no seal. */
  repair(bytes: Uint8Array, repair: Exclude<Repair, { readonly kind: 'seal' }>): Result<Uint8Array> {
    return repairBytes(bytes, repair, { chainId: this.#parts.chain.chainId, prefix: this.facts.prefix });
  }

  /** Seals changed bytes; see {@link sealBlock}. */
  seal(bytes: Uint8Array): Generator<WorkProgress, Result<Uint8Array>, undefined> {
    const { chain, block, parent } = this.#parts;
    const { production, chainId } = chain;
    return sealBlock(bytes, { production, parent: parent.header, chainId, seal: block.header.seal });
  }
}
