import { blobBytes, readBlob, writeBlob } from './fields.ts';
import { CONSENSUS_BYTES_MAX, VOTE_ID_BYTES, VOTE_IDS_MAX } from './limits.ts';
import type { MessageCodec } from './message-codec.ts';

/** What consensus engines say to one another: votes. Only the engine reads the payload. */
export interface ConsensusMessage {
  readonly kind: 'consensus';
  /** Which engine it is for, u8. */
  readonly engine: number;
  readonly payload: Uint8Array;
}

/** {@link ConsensusMessage}: engine u8, length u32, payload. */
export const consensusCodec: MessageCodec<ConsensusMessage> = {
  tag: 0x40,
  family: 'consensus',
  lane: 'urgent',
  bytesMax: 1 + 1 + 4 + CONSENSUS_BYTES_MAX,
  write: (writer, { engine, payload }) => writeBlob(writer.u8(engine), payload),
  read: (reader) => ({
    kind: 'consensus',
    engine: reader.u8(),
    payload: readBlob(reader, CONSENSUS_BYTES_MAX),
  }),
  bytes: ({ payload }) => 1 + blobBytes(payload),
};

/** Asks for the certificate of the last final block at or below a height; answered by a {@link ConsensusMessage}. */
export interface CertificateRequestMessage {
  readonly kind: 'certificate-request';
  readonly height: number;
}

/** {@link CertificateRequestMessage}: height u32. */
export const certificateRequestCodec: MessageCodec<CertificateRequestMessage> = {
  tag: 0x41,
  family: 'consensus',
  lane: 'urgent',
  bytesMax: 5,
  write: (writer, { height }) => void writer.u32(height),
  read: (reader) => ({ kind: 'certificate-request', height: reader.u32() }),
  bytes: () => 4,
};

/** The sender has these votes and certificates, or asks for them; both at most {@link VOTE_IDS_MAX}. */
interface VoteIdsMessage<K> {
  readonly kind: K;
  /** The names one after the other, 8 bytes each; at least one. */
  readonly ids: Uint8Array;
}

/** The sender's engine has taken these votes and certificates. */
export type VoteAnnounceMessage = VoteIdsMessage<'vote-announce'>;

/** Asks for votes and certificates; each is answered by a {@link ConsensusMessage}, as far as they are there. */
export type VoteRequestMessage = VoteIdsMessage<'vote-request'>;

/** {@link VoteAnnounceMessage}: number u16, names 8 each. */
export const voteAnnounceCodec: MessageCodec<VoteAnnounceMessage> = voteIdsCodecOf('vote-announce', 0x42);

/** {@link VoteRequestMessage}: number u16, names 8 each. */
export const voteRequestCodec: MessageCodec<VoteRequestMessage> = voteIdsCodecOf('vote-request', 0x43);

function voteIdsCodecOf<K extends string>(kind: K, tag: number): MessageCodec<VoteIdsMessage<K>> {
  return {
    tag,
    family: 'consensus',
    lane: 'urgent',
    bytesMax: 1 + 2 + VOTE_ID_BYTES * VOTE_IDS_MAX,
    write: (writer, { ids }) => void writer.u16(ids.length / VOTE_ID_BYTES).bytes(ids),
    read(reader) {
      const count = reader.count(reader.u16(), VOTE_IDS_MAX, VOTE_ID_BYTES);
      reader.canonical(count > 0, 'a message names something');
      return { kind, ids: reader.take(VOTE_ID_BYTES * count) };
    },
    bytes: ({ ids }) => 2 + ids.length,
  };
}
