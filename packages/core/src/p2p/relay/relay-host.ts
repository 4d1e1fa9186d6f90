import type { P2pChain, P2pHost, P2pMempool } from '../host.ts';
import type { PartDependencies } from '../part.ts';

/** What relay asks of its node. */
export interface RelayHost extends Pick<P2pHost, 'importBlock' | 'random' | 'send' | 'submit' | 'wake'> {
  readonly chain: Pick<
    P2pChain,
    'block' | 'chainId' | 'checkHeaderAfter' | 'final' | 'hasher' | 'node' | 'weightOf'
  >;
  readonly mempool: Pick<P2pMempool, 'get' | 'has'>;
}

/** What the parts of relay are given. */
export interface RelayContext extends Pick<PartDependencies, 'punish'> {
  readonly host: RelayHost;
}
