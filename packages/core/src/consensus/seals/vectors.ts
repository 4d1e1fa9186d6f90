import type { Amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { concatBytes, toHex } from '../../base/bytes.ts';
import { publicKeyOf, type SecretKey, sign, verifySignature } from '../../crypto/signature.ts';
import { proveVrf, vrfOutput } from '../../crypto/vrf.ts';
import { keyAddress } from '../../primitives/address.ts';
import { encodeHeader, type Header } from '../../primitives/header.ts';
import {
  sortValidators,
  totalWeight,
  type Validator,
  type ValidatorSet,
} from '../../primitives/validator-set.ts';
import { createDpos } from '../dpos/create-dpos.ts';
import { turnOrder } from '../dpos/turn-order.ts';
import type { Production, SignedTurns } from '../engine.ts';
import { createLeader } from '../leader/create-leader.ts';
import { createPoaOfEpochs } from '../poa/create-poa.ts';
import { createPos } from '../pos/create-pos.ts';
import { isWinning, lotteryInput } from '../pos/lottery.ts';
import { headerEvidence, parseHeaderEvidence, verifyHeaderEvidence } from './header-evidence.ts';
import type { ValidatorChain } from './validator-chain.ts';

const CHAIN: ValidatorChain = { epochBlocks: 100, origin: new Uint8Array(32).fill(0xc2) };
const SLOT_MS = 2000;
const WINNERS_PERMILLE = 500;
/** The secret seed of validator i is the byte i, 32 times. */
const SECRETS: readonly SecretKey[] = [1, 2, 3, 4].map((byte) => new Uint8Array(32).fill(byte));
const SET: ValidatorSet = {
  epoch: 3,
  members: sortValidators(
    SECRETS.map((secret, i) => ({ publicKey: publicKeyOf(secret), weight: 10 * (i + 1) })),
  ),
  seed: new Uint8Array(32).fill(0xe3),
};
const HEIGHT = 305;
const SLOT = 850_000_000;

/** The chain, the slots and the set of all other sections. */
export function setVectors() {
  return {
    origin: toHex(CHAIN.origin),
    epochBlocks: CHAIN.epochBlocks,
    slotMs: SLOT_MS,
    epoch: SET.epoch,
    seed: toHex(SET.seed),
    keys: SET.members.map(({ publicKey }) => toHex(publicKey)),
    weights: SET.members.map(({ weight }) => weight),
  };
}

/** The lotteries of the members in some slots, and a header of one who won. */
export function posVectors() {
  const production = createPos({ kind: 'pos', slotMs: SLOT_MS, winnersPermille: WINNERS_PERMILLE }, CHAIN);
  const draws = [SLOT, SLOT + 1, SLOT + 2].flatMap((slot) =>
    SET.members.map((_, member) => draw(slot, member)),
  );
  const won = draws.find(({ wins }) => wins);
  assert(won !== undefined, 'somebody wins');
  const header = sealed(production, won.member, { timeMs: won.slot * SLOT_MS, claim: won.proof });
  return {
    winnersPermille: WINNERS_PERMILLE,
    draws: draws.map(({ input, proof, output, randomness, ...rest }) => ({
      ...rest,
      input: toHex(input),
      proof: toHex(proof),
      output: toHex(output),
      randomness: toHex(randomness),
    })),
    header,
  };
}

function draw(slot: number, member: number) {
  const production = createPos({ kind: 'pos', slotMs: SLOT_MS, winnersPermille: WINNERS_PERMILLE }, CHAIN);
  const input = lotteryInput(SET.seed, slot);
  const proof = proveVrf(secretOf(member), input);
  const output = vrfOutput(proof);
  const { weight } = SET.members[member] as Validator;
  const wins = isWinning(output, { weight, total: totalWeight(SET), winnersPermille: WINNERS_PERMILLE });
  const at = header(member, { timeMs: slot * SLOT_MS });
  const { randomness } = production.facts({ ...at, claim: proof }, at, { at: () => SET });
  assert(randomness !== undefined, 'lots add randomness');
  return { slot, member, input, proof, output, randomness, wins };
}

/** The orders of some rounds, and a header of the owner of a slot. */
export function dposVectors() {
  const production = createDpos({ kind: 'dpos', slotMs: SLOT_MS }, CHAIN);
  const count = SET.members.length;
  const rounds = [0, 1, 2, SLOT / count, SLOT / count + 1].map((round) => ({
    round,
    members: [...turnOrder(SET, round)],
  }));
  const owner = turnOrder(SET, SLOT / count)[0] as number;
  return { rounds, header: sealed(production, owner, { timeMs: SLOT * SLOT_MS + 5 }) };
}

/** A header of the authority whose slot it is. */
export function poaVectors() {
  const production = createPoaOfEpochs({ slotMs: SLOT_MS }, CHAIN);
  return { header: sealed(production, SLOT % SET.members.length, { timeMs: SLOT * SLOT_MS + 5 }) };
}

/** Headers of the proposers of some rounds. */
export function leaderVectors() {
  const production = createLeader(CHAIN);
  const { claimOfRound } = production;
  assert(claimOfRound !== undefined, 'leaders are asked in rounds');
  return [0, 1, 7].map((round) => {
    const candidates = SET.members.map((_, member) =>
      sealed(production, member, { timeMs: 5, claim: claimOfRound(round) }),
    );
    return { round, ...candidates.find(({ isTaken }) => isTaken) };
  });
}

/** Two headers that one validator made in one slot, as evidence. */
export function headerEvidenceVectors() {
  const production = createDpos({ kind: 'dpos', slotMs: SLOT_MS }, CHAIN);
  const { publicKey } = SET.members[2] as Validator;
  const [a, b] = [5, 6].map((offset) => sealedHeader(production, 2, { timeMs: SLOT * SLOT_MS + offset })) as [
    Header,
    Header,
  ];
  const evidence = headerEvidence(a, b, publicKey);
  const parsed = parseHeaderEvidence(evidence);
  assert(parsed.ok, 'what was encoded can be read');
  const judged = verifyHeaderEvidence(parsed.value, production.signedTurns as SignedTurns, {
    validators: { at: () => SET },
    verify: verifySignature,
    epochBlocks: CHAIN.epochBlocks,
  });
  assert(judged.ok, 'it convicts');
  const { id, offender, epoch, offence } = judged.value;
  return { evidence: toHex(evidence), offender: toHex(offender), epoch, offence, id: toHex(id) };
}

interface Change {
  readonly timeMs: number;
  readonly claim?: Uint8Array;
}

/** What one production says of a member's header, with all that goes into it. */
function sealed(production: Production, member: number, change: Change) {
  const made = sealedHeader(production, member, change);
  const parent = { ...header(member, { timeMs: 0 }), height: HEIGHT - 1 };
  const context = { verify: verifySignature, validators: { at: () => SET } };
  return {
    header: toHex(encodeHeader(made)),
    claim: toHex(change.claim ?? new Uint8Array(0)),
    message: toHex(messageOf(production, made, change)),
    isTaken: production.verifyHeader(made, parent, context).ok,
  };
}

function sealedHeader(production: Production, member: number, change: Change): Header {
  const bare = header(member, change);
  const { claim = new Uint8Array(0) } = change;
  const signature = sign(messageOf(production, bare, change), secretOf(member));
  return { ...bare, seal: concatBytes(claim, signature) };
}

function messageOf({ signedTurns }: Production, of: Header, { claim = new Uint8Array(0) }: Change) {
  assert(signedTurns !== undefined, 'a production whose blocks validators sign');
  return signedTurns.message(of, claim);
}

function header(member: number, { timeMs }: Change): Header {
  const filled = (byte: number) => new Uint8Array(32).fill(byte);
  return {
    version: 1,
    height: HEIGHT,
    parent: filled(0xa1),
    timeMs,
    producer: keyAddress((SET.members[member] as Validator).publicKey),
    txRoot: filled(0xa2),
    receiptRoot: filled(0xa3),
    stateRoot: filled(0xa4),
    gasUsed: 21_000,
    baseFee: 7 as Amount,
    seal: new Uint8Array(0),
  };
}

function secretOf(member: number): SecretKey {
  const key = toHex((SET.members[member] as Validator).publicKey);
  return SECRETS.find((secret) => toHex(publicKeyOf(secret)) === key) as SecretKey;
}
