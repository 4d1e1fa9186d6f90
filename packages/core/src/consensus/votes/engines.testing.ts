import { equalBytes } from '../../base/bytes.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import type { Result } from '../../base/result.ts';
import { Writer } from '../../codec/writer.ts';
import { type Hash, hash } from '../../crypto/hash.ts';
import type { Conviction } from '../../primitives/judge.ts';
import {
  CHAIN_ID,
  Cluster,
  GENESIS,
  type Host,
  type Liar,
  type LiarKind,
  type Outcome,
  type Schedule,
} from '../voting/cluster.testing.ts';
import { mockVerify } from '../voting/mock-signatures.testing.ts';
import type { BlockRef, VotingDependencies, VotingEffect, VotingEngine } from '../voting/voting-engine.ts';
import { parseLinkEvidence, verifyLinkEvidence } from './evidence.ts';
import { createLinkLiar } from './liars.testing.ts';
import { parseLinkCertificate, verifyLinkCertificate } from './link.ts';
import { VotesEngine } from './votes-engine.ts';

/** Blocks between the checkpoints of all schedules. */
export const INTERVAL_BLOCKS = 4;

/** Runs a cluster that votes on the checkpoints of a tree of blocks which anybody may extend. */
export function runVotes(schedule: Schedule): Outcome {
  return new VotesCluster(schedule).run();
}

/** What the chain of a host is, beside the engine. */
interface Branch {
  head: BlockRef;
  preferred: Hash;
}

class VotesCluster extends Cluster {
  readonly #branches = new Map<Host, Branch>();

  protected override createEngine(dependencies: VotingDependencies): VotingEngine {
    const options = { intervalBlocks: INTERVAL_BLOCKS, lagBlocks: this.schedule.seed % 3, resendMs: 400 };
    return new VotesEngine(options, dependencies);
  }

  protected override createLiar(kind: LiarKind, member: number): Liar {
    return createLinkLiar(kind, member, this.random);
  }

  protected override isFinal(block: BlockRef, bytes: Uint8Array): boolean {
    const parsed = parseLinkCertificate(bytes);
    if (!parsed.ok) return false;
    const { epoch, source, target } = parsed.value;
    const isOfBlock = equalBytes(source.id, block.id) && source.height === block.height;
    const isNext = target.height === source.height + INTERVAL_BLOCKS;
    return (
      isOfBlock &&
      isNext &&
      verifyLinkCertificate(parsed.value, this.validators.at(epoch), CHAIN_ID, mockVerify).ok
    );
  }

  protected override judge(bytes: Uint8Array): Result<Conviction> {
    const parsed = parseLinkEvidence(bytes);
    return parsed.ok ? verifyLinkEvidence(parsed.value, this.validators, CHAIN_ID, mockVerify) : parsed;
  }

  protected override begin(): void {
    const next = () => {
      this.#makeBlock(this.random.pick(this.hosts));
      this.queue.add(this.queue.nowMs + 1 + this.random.below(2 * this.schedule.blockMs), next);
    };
    next();
  }

  protected override crashed(host: Host): void {
    this.#branch(host).preferred = host.final.id;
  }

  protected override started(host: Host): void {
    this.#chooseHead(host);
    this.later(host, 0, { kind: 'head', block: this.#branch(host).head });
  }

  protected override doOther(host: Host, effect: VotingEffect): void {
    if (effect.kind !== 'prefer') return;
    this.#branch(host).preferred = effect.id;
    this.#chooseHead(host);
  }

  #branch(host: Host): Branch {
    const branch = this.#branches.get(host) ?? { head: GENESIS, preferred: GENESIS.id };
    this.#branches.set(host, branch);
    return branch;
  }

  /** A block on the head of a host; twins sometimes make forks. */
  #makeBlock(host: Host): void {
    if (host.engine === undefined) return;
    const forked = this.blocks.get(this.random.pick([...host.known])) as BlockRef;
    const parent = host.honest || !this.random.oneIn(3) ? this.#branch(host).head : forked;
    const height = parent.height + 1;
    const id = hash('header', new Writer(64).u32(height).u32(this.blocks.size).hash(parent.id).finish());
    const block = { id, height, parent: parent.id, valid: true };
    this.blocks.set(bytesKey(id), block);
    this.#take(host, block);
    for (const to of this.hosts)
      if (this.reaches(host, to)) this.carry(host, to, () => this.#take(to, block));
  }

  #take(host: Host, block: BlockRef): void {
    this.learn(host, block);
    this.tell(host, { kind: 'block', block, valid: true });
    this.#chooseHead(host, [block]);
  }

  protected override learn(host: Host, block: BlockRef): void {
    super.learn(host, block);
    this.#chooseHead(host, [block]);
  }

  /** The highest block that keeps what is preferred and final; the present head stays unless another is better. */
  #chooseHead(host: Host, blocks?: readonly BlockRef[]): void {
    const branch = this.#branch(host);
    const before = branch.head;
    const candidates = blocks ?? [...host.known].map((key) => this.blocks.get(key) as BlockRef);
    for (const block of candidates) {
      if (!this.#keeps(host, block)) continue;
      if (block.height > branch.head.height || !this.#keeps(host, branch.head)) branch.head = block;
    }
    if (branch.head !== before) this.later(host, 0, { kind: 'head', block: branch.head });
  }

  #keeps(host: Host, block: BlockRef): boolean {
    const { preferred } = this.#branch(host);
    const height = this.blocks.get(bytesKey(preferred))?.height ?? 0;
    const [a, b] = [this.ancestor(block.id, height), this.ancestor(block.id, host.final.height)];
    return a !== undefined && b !== undefined && equalBytes(a, preferred) && equalBytes(b, host.final.id);
  }
}
