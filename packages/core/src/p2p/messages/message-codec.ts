import type { Reader } from '../../codec/reader.ts';
import type { Writer } from '../../codec/writer.ts';
import type { Lane } from '../../ports/network.ts';

/** What a message is about; peers have a budget for each, see `p2p/limits.ts`. */
export type MessageFamily =
  | 'control'
  | 'peers'
  | 'announcements'
  | 'transactions'
  | 'blocks'
  | 'headers'
  | 'bodies'
  | 'snapshot'
  | 'consensus';

/** How one kind of message is written and read. What it reads is canonical: written again it gives the same bytes. */
export interface MessageCodec<M> {
  /** The first byte of the frame. */
  readonly tag: number;
  readonly family: MessageFamily;
  readonly lane: Lane;
  /** Bytes of a frame, the tag included; checked before anything is read. */
  readonly bytesMax: number;
  /** Writes all that follows the tag. */
  write(writer: Writer, message: M): void;
  read(reader: Reader): M;
  /** Bytes that {@link write} would write. */
  bytes(message: M): number;
}
