import { blobBytes, readBlob, writeBlob } from './fields.ts';
import { CONSENSUS_BYTES_MAX } from './limits.ts';
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
