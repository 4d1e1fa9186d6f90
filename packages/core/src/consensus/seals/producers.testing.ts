import type { Amount } from '../../base/amount.ts';
import { compareBytes, concatBytes } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { ZERO_HASH } from '../../crypto/hash.ts';
import { publicKeyOf, type SecretKey, sign, verifySignature } from '../../crypto/signature.ts';
import { keyAddress } from '../../primitives/address.ts';
import { type Header, headerId } from '../../primitives/header.ts';
import { sortValidators, type ValidatorSet, type ValidatorView } from '../../primitives/validator-set.ts';
import type { HeaderContext, ProducerIdentity, Production, TurnContext } from '../engine.ts';
import type { ValidatorChain } from './validator-chain.ts';

/** A key with which tests make blocks. */
export interface TestProducer extends ProducerIdentity {
  readonly secret: SecretKey;
}

/** Blocks of an epoch in the tests of productions. */
export const EPOCH_BLOCKS = 10;

/** The chain of these tests. */
export const CHAIN: ValidatorChain = { epochBlocks: EPOCH_BLOCKS, origin: new Uint8Array(32).fill(0xc0) };

/** Producers in the order in which a set holds them. */
export const PRODUCERS: readonly TestProducer[] = Array.from({ length: 7 }, (_, i) => {
  const secret = new Uint8Array(32).fill(i + 1);
  const publicKey = publicKeyOf(secret);
  return { secret, publicKey, address: keyAddress(publicKey) };
}).toSorted((a, b) => compareBytes(a.publicKey, b.publicKey));

/** The set of an epoch, with these producers by their numbers, and weights that grow with the number. */
export function setOf(epoch: number, producers: readonly number[]): ValidatorSet {
  const members = producers.map((i) => ({ publicKey: producer(i).publicKey, weight: 10 * (i + 1) }));
  return { epoch, members: sortValidators(members), seed: new Uint8Array(32).fill(0xe0 + epoch) };
}

/** A view of sets, each of which is one object. */
export function viewOf(...sets: readonly ValidatorSet[]): ValidatorView {
  return { at: (epoch) => sets.find((set) => set.epoch === epoch) };
}

/** One of {@link PRODUCERS}. */
export function producer(i: number): TestProducer {
  return PRODUCERS[i] as TestProducer;
}

/** What a production is given, with a view of sets. */
export function given(validators: ValidatorView): HeaderContext & TurnContext {
  return { verify: verifySignature, validators, draw: () => undefined };
}

/** A header without a parent and a seal. */
export function bareHeader(height: number, timeMs: number): Header {
  return {
    version: 1,
    height,
    parent: ZERO_HASH,
    timeMs,
    producer: ZERO_HASH,
    txRoot: ZERO_HASH,
    receiptRoot: ZERO_HASH,
    stateRoot: ZERO_HASH,
    gasUsed: 0,
    baseFee: 1 as Amount,
    seal: new Uint8Array(0),
  };
}

/** The header after a parent with what it should say, sealed by its producer. */
export function sealedBy(
  production: Production,
  by: TestProducer,
  parent: Header,
  { claim = new Uint8Array(0), ...change }: Partial<Header> & { readonly claim?: Uint8Array },
): Header {
  const bare = bareHeader(parent.height + 1, parent.timeMs);
  const header = { ...bare, parent: headerId(parent), producer: by.address, ...change };
  const request = production.sealRequest(header, by, parent, claim);
  if (request.kind !== 'sign') throw new Error('a production that signs');
  return { ...header, seal: concatBytes(claim, sign(request.message, by.secret)) };
}

/** The rule that refused something, or `ok`. */
export function ruleOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.error.rule;
}
