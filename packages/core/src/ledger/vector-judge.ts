import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import { hash } from '../crypto/hash.ts';
import type { PublicKey } from '../crypto/signature.ts';
import type { Judge, Offence } from '../primitives/judge.ts';

const OFFENCES: readonly Offence[] = ['double-sign', 'lock-break', 'surround'];

/** Evidence that the {@link vectorJudge} believes: offender 32, epoch u32, offence u8 (its position, from 0). */
export function vectorEvidence(offender: PublicKey, epoch: number, offence: Offence): Uint8Array {
  return new Writer(37).hash(offender).u32(epoch).u8(OFFENCES.indexOf(offence)).finish();
}

/** A certificate that the {@link vectorJudge} believes: epoch u32, height u32, number u16, 32 bytes for each signer. */
export function vectorCertificate(epoch: number, height: number, signers: readonly PublicKey[]): Uint8Array {
  const writer = new Writer(10 + 32 * signers.length).u32(epoch).u32(height).u16(signers.length);
  for (const signer of signers) writer.hash(signer);
  return writer.finish();
}

/** Believes everything that is well-formed; for vectors and tests of what follows from it. */
export const vectorJudge: Judge = {
  evidence(bytes) {
    const reader = new Reader(bytes);
    const offender = reader.hash();
    const epoch = reader.u32();
    const offence = OFFENCES[reader.u8()] ?? 'surround';
    return reader.finish({ offender, epoch, offence, id: hash('seal', bytes) });
  },
  certificate(bytes) {
    const reader = new Reader(bytes);
    const head = { epoch: reader.u32(), height: reader.u32() };
    const count = reader.count(reader.u16(), 1024, 32);
    return reader.finish({ ...head, signers: Array.from({ length: count }, () => reader.hash()) });
  },
};
