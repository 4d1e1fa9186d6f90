/**
 * What a server sends. None of it is believed: each byte is checked against what is trusted already, so any server
 * will do, and the worst it can do is to say nothing.
 */
export type LightUpdate =
  /** The header of the checkpoint that the client was started with. */
  | { readonly kind: 'anchor'; readonly header: Uint8Array; readonly sets: readonly SetProof[] }
  /** Headers end to end, each the parent of the next. */
  | { readonly kind: 'headers'; readonly headers: Uint8Array }
  /** The last headers of a chain of constant authorities, in the place of all of them. */
  | { readonly kind: 'tail'; readonly headers: Uint8Array }
  /** A header, the certificate that makes it final, and sets of later epochs in the state after it. */
  | {
      readonly kind: 'final';
      readonly header: Uint8Array;
      readonly certificate: Uint8Array;
      readonly sets: readonly SetProof[];
    }
  /** Sets of validators in the state after a block of the best branch that is final. */
  | { readonly kind: 'sets'; readonly height: number; readonly sets: readonly SetProof[] }
  /** Headers end to end, of which the last is the parent of one that is followed. */
  | { readonly kind: 'ancestors'; readonly headers: Uint8Array };

/** A set of validators with the proof that it is in the state after a header. */
export interface SetProof {
  readonly epoch: number;
  /** As `encodeValidatorSet` writes it. */
  readonly set: Uint8Array;
  /** As `encodeStateProof` writes it. */
  readonly proof: Uint8Array;
}

/** What a client wants to be given next. */
export type LightRequest =
  /** An `anchor` update: the header at this height, and these sets in the state after it. */
  | { readonly kind: 'anchor'; readonly height: number; readonly sets: readonly number[] }
  /** A `sets` update of these epochs, in the state after the block at this height. */
  | { readonly kind: 'sets'; readonly height: number; readonly sets: readonly number[] }
  /** A `headers` or `tail` update of headers from this height on. */
  | { readonly kind: 'headers' | 'tail'; readonly from: number }
  /** A `final` update of the first certified block at or after this height, with the sets of these epochs. */
  | { readonly kind: 'final'; readonly height: number; readonly sets: readonly number[] };

/** Where a server says that it is: a hint what to ask it for, and nothing more. */
export interface ServerTip {
  readonly head: { readonly height: number; readonly id: Uint8Array };
  readonly finalHeight: number;
}

/** Bytes of an update: what was sent for it, apart from the dress of the transport. */
export function updateBytes(update: LightUpdate): number {
  switch (update.kind) {
    case 'anchor':
      return update.header.length + setBytes(update.sets);
    case 'final':
      return update.header.length + update.certificate.length + setBytes(update.sets);
    case 'sets':
      return setBytes(update.sets);
    default:
      return update.headers.length;
  }
}

function setBytes(sets: readonly SetProof[]): number {
  return sets.reduce((sum, { set, proof }) => sum + 4 + set.length + proof.length, 0);
}
