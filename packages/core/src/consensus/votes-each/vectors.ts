import { toHex } from '../../base/bytes.ts';
import { publicKeyOf, type SecretKey, sign } from '../../crypto/signature.ts';
import { sortValidators, type ValidatorSet } from '../../primitives/validator-set.ts';
import { encodeCertificate } from './certificate.ts';
import { encodeEvidence } from './evidence.ts';
import { createProposerSchedule } from './proposer-schedule.ts';
import { encodeSignedVote, type SignedVote, type Vote, voteMessage } from './vote.ts';
import { VoteTally } from './vote-tally.ts';

const CHAIN_ID = new Uint8Array(32).fill(0xc1);
/** The secret seed of validator i is the byte i, 32 times. */
const SECRETS: readonly SecretKey[] = [1, 2, 3, 4].map((byte) => new Uint8Array(32).fill(byte));
const SET: ValidatorSet = {
  epoch: 3,
  members: sortValidators(
    SECRETS.map((secret, i) => ({ publicKey: publicKeyOf(secret), weight: 10 * (i + 1) })),
  ),
  seed: new Uint8Array(32).fill(0xe3),
};

/** A vote of each kind with what is signed, a certificate, and evidence of each offence. */
export function votesEachVectors() {
  const precommits = [0, 1, 2, 3].map((member) => signed(member, { ...VOTE, kind: 'precommit', round: 2 }));
  const tally = new VoteTally(SET);
  for (const vote of precommits) tally.add(vote);
  const [first] = precommits as [SignedVote];
  const other = { ...VOTE, blockId: new Uint8Array(32).fill(0xb2) };
  return {
    chainId: toHex(CHAIN_ID),
    keys: SET.members.map(({ publicKey }) => toHex(publicKey)),
    weights: SET.members.map(({ weight }) => weight),
    votes: [
      signed(0, { ...VOTE, kind: 'proposal', validRound: 1 }),
      signed(1, VOTE),
      signed(2, { ...VOTE, blockId: new Uint8Array(32) }),
      first,
    ].map((vote) => ({ bytes: toHex(encodeSignedVote(vote)), message: toHex(voteMessage(CHAIN_ID, vote)) })),
    certificate: toHex(encodeCertificate(tally.certificate(first, 'precommit'))),
    doubleSign: toHex(encodeEvidence(signed(1, VOTE), signed(1, other))),
    lockBreak: toHex(encodeEvidence(first, signed(0, { ...other, round: 5, validRound: 1 }))),
  };
}

/** Who proposes in the first turns of an epoch of 100 blocks. */
export function proposerVectors() {
  const schedule = createProposerSchedule(SET, 100);
  return {
    epoch: SET.epoch,
    seed: toHex(SET.seed),
    proposers: Array.from({ length: 20 }, (_, turn) => schedule.at(301 + turn, 0)),
  };
}

const VOTE: Vote = {
  kind: 'prevote',
  epoch: 3,
  height: 305,
  round: 4,
  validRound: -1,
  blockId: new Uint8Array(32).fill(0xb1),
};

function signed(member: number, vote: Vote): SignedVote {
  const key = toHex(SET.members[member]?.publicKey ?? new Uint8Array(0));
  const secret = SECRETS.find((one) => toHex(publicKeyOf(one)) === key) as SecretKey;
  return { ...vote, member, signature: sign(voteMessage(CHAIN_ID, vote), secret) };
}
