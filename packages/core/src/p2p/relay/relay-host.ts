import type { P2pChain, P2pHost, P2pMempool } from '../host.ts';
import type { PartDependencies } from '../part.ts';

/** What relay asks of its node. */
export interface RelayHost
  extends Pick<P2pHost, 'importBlock' | 'random' | 'send' | 'submit' | 'wake'>,
    Partial<Pick<P2pHost, 'voting'>> {
  readonly chain: Pick<
    P2pChain,
    | 'block'
    | 'chainId'
    | 'checkHeaderAfter'
    | 'final'
    | 'hasher'
    | 'node'
    | 'scanJoined'
    | 'sharedBlock'
    | 'weightOf'
  >;
  readonly mempool: Pick<P2pMempool, 'get' | 'has' | 'size'>;
}

/** What the parts of relay are given. */
export interface RelayContext extends Pick<PartDependencies, 'parentMissing' | 'punish'> {
  readonly host: RelayHost;
  /** False while the node is catching up: then transactions are not taken and old blocks are no news. */
  readonly isCaughtUp: () => boolean;
  /** Takes the memory for what is known of transactions at the start; as they come when left out. */
  readonly isMemoryReserved?: boolean | undefined;
}
