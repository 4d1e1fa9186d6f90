import type { Refusal, Result } from '../base/result.ts';
import type { BlockNode } from '../chain/block-tree.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Message } from '../p2p/messages/message.ts';
import type { LogEntry } from '../ports/log.ts';
import type { Lane, PeerAddress, PeerId } from '../ports/network.ts';
import type { StoreBatch } from '../ports/store.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { TimerName } from './events.ts';

/** News for subscribers. Blocks are announced only once they are on disk. */
export type Notification =
  | {
      readonly kind: 'head';
      readonly head: BlockNode;
      readonly reverted: number;
      /** What came into the chain, rewards left out; made into objects when somebody asks. */
      transactions(): readonly Transaction[];
    }
  | { readonly kind: 'transaction'; readonly transaction: Transaction };

/** What the node wants done. The runner does it through the ports and brings results back as events. */
export type NodeEffect =
  /** Packed checks, see {@link packSignatureChecks}. */
  | { readonly type: 'check-signatures'; readonly job: number; readonly records: Uint8Array }
  /** Takes the place of a search before it; see ports/miner.ts. */
  | { readonly type: 'search'; readonly job: number; readonly message: Hash; readonly bits: number }
  | { readonly type: 'stop-search' }
  | { readonly type: 'sign'; readonly job: number; readonly message: Uint8Array }
  /** Prove what the producer's key draws for an input; see ports/signer.ts. */
  | { readonly type: 'prove'; readonly job: number; readonly input: Uint8Array }
  | { readonly type: 'commit'; readonly sequence: number; readonly batch: StoreBatch }
  | { readonly type: 'set-timer'; readonly name: TimerName; readonly atMs: number }
  | { readonly type: 'clear-timer'; readonly name: TimerName }
  | { readonly type: 'answer'; readonly id: number; readonly result: Result<unknown> }
  | { readonly type: 'notify'; readonly notification: Notification }
  | { readonly type: 'dial'; readonly address: PeerAddress }
  | { readonly type: 'send'; readonly peer: PeerId; readonly message: Message; readonly lane: Lane }
  | { readonly type: 'close'; readonly peer: PeerId }
  | { readonly type: 'log'; readonly entry: LogEntry }
  /** The node is dead: close the ports. `reason` is absent after a clean stop. */
  | { readonly type: 'dead'; readonly reason: Refusal | undefined };
