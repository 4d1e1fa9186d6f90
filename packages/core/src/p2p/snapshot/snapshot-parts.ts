import type { Result } from '../../base/result.ts';
import type { PeerId } from '../../ports/network.ts';
import type { P2pHost } from '../host.ts';
import type { PartDependencies } from '../part.ts';
import type { SnapshotLimits } from './limits.ts';

/** What the parts of joining share. */
export interface SnapshotParts extends Pick<PartDependencies, 'peers' | 'punish'> {
  readonly limits: SnapshotLimits;
  readonly host: Pick<P2pHost, 'chain' | 'send' | 'log' | 'random' | 'commit' | 'isBehind'>;
  /** Peers that have told lies about their chain or its state: nothing more is asked of them. */
  readonly liars: Set<PeerId>;
  nextRequest(): number;
  /**
   * What to say of an answer that nobody waits for: it may be late or doubled by the network, unless its request was
   * never sent.
   */
  stray(kind: string, request: number): Result<undefined>;
}
