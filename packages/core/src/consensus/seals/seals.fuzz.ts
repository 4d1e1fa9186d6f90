import { assert } from '../../base/assert.ts';
import { equalBytes } from '../../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../../base/fuzz.testing.ts';
import { verifySignature } from '../../crypto/signature.ts';
import { proveVrf } from '../../crypto/vrf.ts';
import type { Header } from '../../primitives/header.ts';
import { createDpos } from '../dpos/create-dpos.ts';
import type { Production } from '../engine.ts';
import { createLeader } from '../leader/create-leader.ts';
import { createPoaOfEpochs } from '../poa/create-poa.ts';
import { createPos } from '../pos/create-pos.ts';
import { lotteryInput } from '../pos/lottery.ts';
import { headerEvidence, parseHeaderEvidence, verifyHeaderEvidence } from './header-evidence.ts';
import {
  bareHeader,
  CHAIN,
  EPOCH_BLOCKS,
  given,
  producer,
  sealedBy,
  setOf,
  type TestProducer,
  viewOf,
} from './producers.testing.ts';

const SET = setOf(0, [0, 1, 2]);
const VALIDATORS = viewOf(SET);
const CONTEXT = given(VALIDATORS);
const PARENT = bareHeader(3, 5_000);
const LEADER = createLeader(CHAIN);
const ROUNDS = LEADER.claimOfRound as (round: number) => Uint8Array;
/** Of a slot length of 1,000 and the slots 6 to 8. */
const PROOFS = [6, 7, 8].map((slot) => proveVrf(producer(1).secret, lotteryInput(SET.seed, slot)));

/** Each production with a claim that fits it. */
const PRODUCTIONS: readonly (readonly [Production, (random: SeededRandom) => Uint8Array])[] = [
  [createPoaOfEpochs({ slotMs: 1000 }, CHAIN), () => new Uint8Array(0)],
  [createDpos({ kind: 'dpos', slotMs: 1000 }, CHAIN), () => new Uint8Array(0)],
  [createPos({ kind: 'pos', slotMs: 1000, winnersPermille: 1000 }, CHAIN), (random) => random.pick(PROOFS)],
  [LEADER, (random) => ROUNDS(random.below(3))],
];

/** Damaged headers, seals and evidence of headers. */
export const fuzz: FuzzTarget = {
  name: 'consensus/seals',
  run(random, iterations) {
    for (let i = 0; i < iterations; i++) {
      const [production, claimOf] = random.pick(PRODUCTIONS);
      const make = () => made(random, production, claimOf(random));
      checkHeader(random, production, make());
      const [a, b] = [make(), make()];
      checkEvidence(production, damaged(random, headerEvidence(a, b, producer(1).publicKey)));
    }
  },
};

function made(random: SeededRandom, production: Production, claim: Uint8Array): Header {
  const by: TestProducer = producer(random.oneIn(4) ? random.below(4) : 1);
  const timeMs = 6_000 + random.below(3_000);
  return sealedBy(production, by, PARENT, { timeMs, gasUsed: random.below(3), claim });
}

/** A header with a damaged seal is refused by a rule and breaks nothing. */
function checkHeader(random: SeededRandom, production: Production, header: Header): void {
  const seal = damaged(random, header.seal);
  const result = production.verifyHeader({ ...header, seal }, PARENT, CONTEXT);
  if (equalBytes(seal, header.seal)) return;
  assert(!result.ok, 'a header with a damaged seal was taken');
  assert(result.error.rule.startsWith('consensus/'), result.error.rule);
}

/** Evidence has one encoding, and convicts only by two headers that hold. */
function checkEvidence(production: Production, bytes: Uint8Array): void {
  const parsed = parseHeaderEvidence(bytes);
  if (!parsed.ok) return;
  const { headers, publicKey } = parsed.value;
  assert(equalBytes(headerEvidence(...headers, publicKey), bytes), 'evidence has one encoding');
  const turns = production.signedTurns;
  assert(turns !== undefined, 'validators sign');
  const context = { validators: VALIDATORS, verify: verifySignature, epochBlocks: EPOCH_BLOCKS };
  const judged = verifyHeaderEvidence(parsed.value, turns, context);
  if (!judged.ok) return;
  assert(equalBytes(judged.value.offender, producer(1).publicKey), 'nobody else signed');
  const numbers = headers.map((header) =>
    turns.numberOf({ ...header, claim: production.claimOf(header.seal) }),
  );
  assert(numbers[0] === numbers[1], 'two headers of one turn');
}

function damaged(random: SeededRandom, bytes: Uint8Array): Uint8Array {
  if (random.oneIn(3)) return bytes;
  if (random.oneIn(4)) return bytes.slice(0, random.below(bytes.length + 1));
  if (random.oneIn(4)) return Uint8Array.of(...bytes, ...random.bytes(1 + random.below(80)));
  const at = random.below(bytes.length);
  return bytes.map((byte, i) => (i === at ? byte ^ (1 << random.below(8)) : byte));
}
