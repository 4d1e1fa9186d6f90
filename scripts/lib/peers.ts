/** Another program, as it was measured on a machine like the one of the committed results. */
export interface Peer {
  readonly name: string;
  /** Signed transfers a second. */
  readonly perSecond: number;
  readonly how: string;
}

/**
 * What else one could run, each as it was measured on 20 November 2026: 2 cores of an AMD EPYC server, 24 GB, Debian
 * 12, client and server on the same cores, medians of three runs.
 */
export const PEER_MEASUREMENT =
  '2 cores of an AMD EPYC server, 24 GB, Debian 12, 20 November 2026; client and server share the cores; medians of three runs';

/** Versions of the peers. */
export const PEER_VERSIONS: Readonly<Record<string, string>> = {
  litecoind: '0.21.2.1',
  bcoin: '1.0.2 with libsecp256k1, LevelDB and 2 workers',
  anvil: '1.7.1',
};

/** Import of blocks by a fresh node that checks every signature. */
export const IMPORT_PEERS: readonly Peer[] = [
  {
    name: 'litecoind',
    perSecond: 22_560,
    how: '`-reindex-chainstate -assumevalid=0 -par=2`, 120,000 transfers',
  },
  { name: 'bcoin', perSecond: 4169, how: 'a second node over its own network protocol, 60,000 transfers' },
];

/** From the first submission over JSON-RPC to the last transfer in a block. */
export const INGEST_PEERS: readonly Peer[] = [
  { name: 'anvil', perSecond: 9014, how: 'batches of 100, one `evm_mine`, nothing is kept on disk' },
  { name: 'litecoind', perSecond: 5535, how: 'batches of 100, 20,000 transfers in 3 blocks' },
  { name: 'bcoin', perSecond: 1655, how: 'batches of 100, 10,000 transfers in 2 blocks' },
];
