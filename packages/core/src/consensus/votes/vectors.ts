import { toHex } from '../../base/bytes.ts';
import { publicKeyOf, type SecretKey, sign } from '../../crypto/signature.ts';
import { sortValidators } from '../../primitives/validator-set.ts';
import { encodeLinkEvidence } from './evidence.ts';
import {
  type Checkpoint,
  encodeLinkCertificate,
  encodeLinkVote,
  type Link,
  type LinkVote,
  linkMessage,
} from './link.ts';

const CHAIN_ID = new Uint8Array(32).fill(0xc1);
/** The secret seed of validator i is the byte i, 32 times. */
const SECRETS: readonly SecretKey[] = [1, 2, 3, 4].map((byte) => new Uint8Array(32).fill(byte));
const MEMBERS = sortValidators(SECRETS.map((secret) => ({ publicKey: publicKeyOf(secret), weight: 1 })));

/** A vote for a link with what is signed, a certificate, and evidence of each offence. */
export function votesVectors() {
  const link = { epoch: 3, source: checkpoint(320), target: checkpoint(340) };
  const vote = signed(1, link);
  const signatures = [0, 1, 3].map((member) => signed(member, link).signature);
  const certificate = { ...link, memberCount: 4, indices: [0, 1, 3], signatures };
  return {
    chainId: toHex(CHAIN_ID),
    keys: MEMBERS.map(({ publicKey }) => toHex(publicKey)),
    vote: { bytes: toHex(encodeLinkVote(vote)), message: toHex(linkMessage(CHAIN_ID, link)) },
    certificate: toHex(encodeLinkCertificate(certificate)),
    doubleSign: toHex(encodeLinkEvidence(vote, signed(1, { ...link, source: checkpoint(300) }))),
    surround: toHex(
      encodeLinkEvidence(vote, signed(1, { ...link, source: checkpoint(300), target: checkpoint(360) })),
    ),
  };
}

function checkpoint(height: number): Checkpoint {
  return { height, id: new Uint8Array(32).fill(height & 0xff) };
}

function signed(member: number, link: Link): LinkVote {
  const key = toHex(MEMBERS[member]?.publicKey ?? new Uint8Array(0));
  const secret = SECRETS.find((one) => toHex(publicKeyOf(one)) === key) as SecretKey;
  return { ...link, member, signature: sign(linkMessage(CHAIN_ID, link), secret) };
}
