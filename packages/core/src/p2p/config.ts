import type { PeersConfig } from './peers/peers-part.ts';
import type { SnapshotOptions } from './snapshot/snapshot.ts';
import type { SyncOptions } from './sync/sync.ts';

/** What this node does on the network; two nodes of one chain may differ. */
export interface P2pConfig {
  /** 32 bytes that nobody else knows; the same ones with the same events give the same run. */
  readonly seed: Uint8Array;
  /** Names the node's software to others: printable ASCII, at most 64 characters. */
  readonly agent: string;
  /** How it syncs; as a network that begins with this node when left out ({@link CATCH_UP}). */
  readonly sync?: SyncOptions;
  /** How many peers it has and how large its address book is; as in Bitcoin Core when left out. */
  readonly peers?: PeersConfig | undefined;
  /** Whether it begins with a snapshot; block by block when left out. */
  readonly snapshot?: SnapshotOptions;
  /** Takes the memory for what is known of transactions at the start, 5 MiB; as they come when left out. */
  readonly isMemoryReserved?: boolean;
}
