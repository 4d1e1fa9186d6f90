import type { Amount } from '../base/amount.ts';
import { unreachable } from '../base/assert.ts';
import type { Writer } from '../codec/writer.ts';
import type { PublicKey } from '../crypto/signature.ts';
import type { Address } from '../primitives/address.ts';
import type { Offence } from '../primitives/judge.ts';

/** Authorities that make blocks or vote, all of the same weight, and change by their own votes. */
export interface AuthoritySetSpec {
  readonly kind: 'authorities';
  /** Who they are in epochs 0 and 1. */
  readonly authorities: readonly PublicKey[];
  /** Blocks of an epoch: the set stays the same for so long. */
  readonly epochBlocks: number;
}

/** Validators that whoever has coins chooses by staking them. */
export interface StakeSpec {
  readonly kind: 'stake';
  /** Blocks of an epoch: the set stays the same for so long. */
  readonly epochBlocks: number;
  /** Validators of a set: those with the most stake. */
  readonly membersMax: number;
  /** What the owner of a validator must have bonded itself for it to be chosen, in hugs. */
  readonly bondMin: Amount;
  /** Epochs that stake rests after it has left the last set it counted in. So long an offence can be shown. */
  readonly unbondingEpochs: number;
  /** Epochs a validator that was silent stays out, at least. */
  readonly jailEpochs: number;
  /** Turns of 1,000 that a validator may miss in an epoch before it is jailed. */
  readonly missedPermilleMax: number;
  /** The largest part of its rewards that a validator may keep, in thousandths. */
  readonly commissionPermilleMax: number;
  /** The part of each block reward that goes to those who sign, in thousandths; only where votes make blocks final. */
  readonly signersPermille: number;
  /** What an offence costs all stake of the validator, in thousandths. */
  readonly slashPermille: Readonly<Record<Offence, number>>;
  /** The validators of epochs 0 and 1 and what their owners have bonded; a part of the first supply. */
  readonly stakes: readonly GenesisStake[];
}

/** Where validators come from. Closed, like the kinds of production and finality. */
export type ValidatorsSpec = AuthoritySetSpec | StakeSpec;

/** A validator that exists from the start. */
export interface GenesisStake {
  readonly publicKey: PublicKey;
  readonly owner: Address;
  /** Hugs the owner has bonded. */
  readonly amount: Amount;
  /** The part of the rewards that the validator keeps, in thousandths. */
  readonly commissionPermille: number;
}

/** First byte of the choice in {@link writeValidators}. */
const VALIDATORS_TAGS: Readonly<Record<ValidatorsSpec['kind'], number>> = { authorities: 1, stake: 2 };

/** Writes the choice as the last part of a spec. @see docs/reference/encodings.md#spec */
export function writeValidators(writer: Writer, validators: ValidatorsSpec): void {
  writer.u8(VALIDATORS_TAGS[validators.kind]).u32(validators.epochBlocks);
  switch (validators.kind) {
    case 'authorities':
      writer.u16(validators.authorities.length);
      for (const authority of validators.authorities) writer.hash(authority);
      break;
    case 'stake':
      writeStake(writer, validators);
      break;
    default:
      unreachable(validators);
  }
}

function writeStake(writer: Writer, spec: StakeSpec): void {
  writer.u16(spec.membersMax).u53(spec.bondMin).u16(spec.unbondingEpochs).u16(spec.jailEpochs);
  writer.u16(spec.missedPermilleMax).u16(spec.commissionPermilleMax).u16(spec.signersPermille);
  const { slashPermille } = spec;
  writer.u16(slashPermille['double-sign']).u16(slashPermille['lock-break']).u16(slashPermille.surround);
  writer.u16(spec.stakes.length);
  for (const { publicKey, owner, amount, commissionPermille } of spec.stakes) {
    writer.hash(publicKey).hash(owner).u53(amount).u16(commissionPermille);
  }
}
