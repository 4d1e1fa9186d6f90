import { equalBytes } from '../../base/bytes.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import type { Result } from '../../base/result.ts';
import { Writer } from '../../codec/writer.ts';
import { hash } from '../../crypto/hash.ts';
import type { Conviction } from '../../primitives/judge.ts';
import {
  CHAIN_ID,
  Cluster,
  type Host,
  type Liar,
  type LiarKind,
  type Outcome,
  type Schedule,
} from '../voting/cluster.testing.ts';
import { mockVerify } from '../voting/mock-signatures.testing.ts';
import type { BlockRef, VotingDependencies, VotingEffect, VotingEngine } from '../voting/voting-engine.ts';
import { parseCertificate, verifyCertificate } from './certificate.ts';
import { parseEvidence, verifyEvidence } from './evidence.ts';
import { createLiar } from './liars.testing.ts';
import { VotesEachEngine } from './votes-each-engine.ts';

const TIMEOUTS = { proposeMs: 150, voteMs: 60, growthMs: 60, resendMs: 400 };

/** What came of a run of `votes-each`. */
export interface VotesEachOutcome extends Outcome {
  /** The greatest round that somebody honest decided in. */
  readonly roundMax: number;
}

/** Runs a cluster that votes on each block. */
export function runVotesEach(schedule: Schedule): VotesEachOutcome {
  const cluster = new VotesEachCluster(schedule);
  return { ...cluster.run(), roundMax: cluster.roundMax };
}

class VotesEachCluster extends Cluster {
  roundMax = 0;

  protected override createEngine(dependencies: VotingDependencies): VotingEngine {
    return new VotesEachEngine({ ...TIMEOUTS, blockMs: this.schedule.blockMs }, dependencies);
  }

  protected override createLiar(kind: LiarKind, member: number): Liar {
    return createLiar(kind, member, this.random);
  }

  protected override isFinal(block: BlockRef, bytes: Uint8Array): boolean {
    const parsed = parseCertificate(bytes);
    if (!parsed.ok) return false;
    const { kind, epoch, round, height, blockId } = parsed.value;
    this.roundMax = Math.max(this.roundMax, round);
    const isOfBlock = equalBytes(blockId, block.id) && height === block.height && kind === 'precommit';
    return isOfBlock && verifyCertificate(parsed.value, this.validators.at(epoch), CHAIN_ID, mockVerify).ok;
  }

  protected override judge(bytes: Uint8Array): Result<Conviction> {
    const parsed = parseEvidence(bytes);
    if (!parsed.ok) return parsed;
    return verifyEvidence(parsed.value, this.validators.at(parsed.value[0].epoch), CHAIN_ID, mockVerify);
  }

  /** Makes the block of a leader; those that twins make are often invalid. */
  protected override doOther(host: Host, effect: VotingEffect): void {
    if (effect.kind !== 'propose') return;
    const { height, round, parent } = effect;
    const valid = host.honest || !this.random.oneIn(4);
    const writer = new Writer(64).u32(height).u32(round).u32(this.blocks.size).hash(parent);
    const block = { id: hash('header', writer.finish()), height, parent, valid };
    this.blocks.set(bytesKey(block.id), block);
    this.learn(host, block);
    this.later(host, this.random.below(20), { kind: 'made', round, block });
  }
}
