import { AMOUNT_MAX, HUGS_PER_CALIN } from '../base/amount.ts';
import {
  array,
  choice,
  hex,
  integer,
  object,
  string,
  variant,
  withDefault,
  withDefaults,
} from '../base/schema.ts';
import { PUBLIC_KEY_BYTES } from '../crypto/signature.ts';
import { VALIDATORS_MAX } from '../primitives/limits.ts';
import type { AuthoritySetSpec, GenesisStake, StakeSpec } from './validator-spec.ts';

/** Blocks of an epoch. A million are two months of five-second slots: a set that is older has lost its meaning. */
const EPOCH_BLOCKS_MAX = 1_000_000;

/** Epochs of rest and of jail: sets of so many epochs are kept. */
const EPOCHS_MAX = 1000;

const epochBlocks = integer(
  'Blocks of an epoch: the set of validators stays the same for so long.',
  1,
  EPOCH_BLOCKS_MAX,
);

const publicKey = hex('An Ed25519 public key.', { bytes: PUBLIC_KEY_BYTES });

/** A {@link GenesisStake} as JSON. */
export type GenesisStakeFile = Omit<GenesisStake, 'publicKey' | 'owner' | 'amount'> & {
  readonly publicKey: string;
  readonly owner: string;
  readonly amount: number;
};

/** A ValidatorsSpec with its keys in hexadecimal, its addresses as text and its amounts as plain numbers. */
export type ValidatorsFile =
  | (Omit<AuthoritySetSpec, 'authorities'> & { readonly authorities: readonly string[] })
  | (Omit<StakeSpec, 'bondMin' | 'stakes'> & {
      readonly bondMin: number;
      readonly stakes: readonly GenesisStakeFile[];
    });

const permille = (description: string) => integer(description, 0, 1000);

const stakeSchema = object('A validator that exists from the start.', {
  publicKey,
  owner: string('Who has bonded the stake: an address with the prefix of this file.', { lengthMax: 90 }),
  amount: integer('Hugs; beside the allocations a part of what is issued.', 1, AMOUNT_MAX),
  commissionPermille: withDefault(permille('Thousandths of its rewards that the validator keeps.'), 50),
});

/** Where validators come from. */
export const validatorsSchema = variant<ValidatorsFile>('kind', {
  authorities: object('Listed keys of equal weight, changed by the votes of more than half of them.', {
    kind: choice('Names this kind of set.', ['authorities']),
    epochBlocks,
    authorities: array('The authorities of epochs 0 and 1.', publicKey, VALIDATORS_MAX),
  }),
  stake: object('Validators with the most bonded coins.', {
    kind: choice('Names this kind of set.', ['stake']),
    epochBlocks,
    membersMax: withDefault(integer('Validators of a set.', 1, VALIDATORS_MAX), 100),
    bondMin: withDefault(
      integer('Hugs that the owner of a validator must have bonded itself.', 1_000_000, AMOUNT_MAX),
      1000 * HUGS_PER_CALIN,
    ),
    unbondingEpochs: withDefault(
      integer('Epochs that stake rests after the last set it counted in.', 1, EPOCHS_MAX),
      14,
    ),
    jailEpochs: withDefault(integer('Epochs that a silent validator stays out, at least.', 1, EPOCHS_MAX), 2),
    missedPermilleMax: withDefault(
      permille('Thousandths of its turns that a validator may miss in an epoch.'),
      500,
    ),
    commissionPermilleMax: withDefault(permille('The largest commission, in thousandths.'), 200),
    signersPermille: withDefault(
      permille('Thousandths of each block reward for those who sign; only where votes make blocks final.'),
      200,
    ),
    slashPermille: withDefaults(
      object('What an offence costs all stake of the validator, in thousandths.', {
        'double-sign': withDefault(permille('Two signatures of which the rules allow one.'), 50),
        'lock-break': withDefault(permille('A vote for another block than the one it was locked on.'), 500),
        surround: withDefault(permille('A vote whose span encloses that of another.'), 500),
      }),
    ),
    stakes: array('The validators of epochs 0 and 1.', stakeSchema, VALIDATORS_MAX),
  }),
});
