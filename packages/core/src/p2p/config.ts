/** What this node does on the network; two nodes of one chain may differ. */
export interface P2pConfig {
  /** 32 bytes that nobody else knows; the same ones with the same events give the same run. */
  readonly seed: Uint8Array;
  /** Names the node's software to others: printable ASCII, at most 64 characters. */
  readonly agent: string;
}
