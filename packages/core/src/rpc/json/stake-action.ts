import { unreachable } from '../../base/assert.ts';
import { toHex } from '../../base/bytes.ts';
import { choice, hex, type Infer, integer, object } from '../../base/schema.ts';
import type { LedgerAction } from '../../ledger/actions/registry.ts';
import { ACTION_BODY_BYTES_MAX } from '../../primitives/action.ts';
import { formatAddress } from '../../primitives/address.ts';
import { addressField, unitsField } from './fields.ts';

const kindField = <const T extends string>(kind: T) => choice('Kind of the action.', [kind]);
const keyField = (description: string) => hex(description, { bytes: 32 });
const validator = keyField('Public key of the validator.');
const commissionPermille = integer('Thousandths of its rewards that the validator keeps.', 0, 65_535);

const bond = object('Makes a validator and bonds the first stake in it.', {
  kind: kindField('bond'),
  validator,
  payTo: addressField('Who gets what the validator keeps.'),
  amount: unitsField('Hugs.'),
  commissionPermille,
});

const delegate = object('Stakes coins with a validator.', {
  kind: kindField('delegate'),
  validator,
  amount: unitsField('Hugs.'),
});

const unbond = object('Takes stake out of a pool, to rest.', {
  kind: kindField('unbond'),
  validator,
  shares: unitsField('Shares of the pool.'),
});

const redelegate = object('Moves stake to another validator.', {
  kind: kindField('redelegate'),
  from: keyField('Public key of the validator that it leaves.'),
  to: keyField('Public key of the validator that it goes to.'),
  shares: unitsField('Shares of the pool that it leaves.'),
});

const withdraw = object('Takes stake that has rested.', {
  kind: kindField('withdraw'),
  validator,
  epoch: integer('Epoch in which it left the pool.', 0, 0xffff_ffff),
  amount: unitsField('Hugs.'),
});

const validatorEdit = object('Changes the terms of a validator.', {
  kind: kindField('validator-edit'),
  validator,
  payTo: addressField('Who gets what the validator keeps.'),
  commissionPermille,
});

const unjail = object('Lets a validator that was silent be chosen again.', {
  kind: kindField('unjail'),
  validator,
});

const evidence = object('Shows an offence of a validator.', {
  kind: kindField('evidence'),
  claim: unitsField('Hugs that the sender takes of what it costs.'),
  evidence: hex('As the consensus writes it.', { bytesMax: ACTION_BODY_BYTES_MAX }),
});

const certificate = object('Tells who has signed a block.', {
  kind: kindField('certificate'),
  certificate: hex('As the consensus writes it.', { bytesMax: ACTION_BODY_BYTES_MAX }),
});

const authorityVote = object('Votes to add or remove an authority.', {
  kind: kindField('authority-vote'),
  voter: keyField('Public key of the authority that votes.'),
  change: choice('What it wants.', ['add', 'remove']),
  subject: keyField('Public key that it is about.'),
});

/** The shapes of all actions about validators, by kind. */
export const stakeActions = {
  bond,
  delegate,
  unbond,
  redelegate,
  withdraw,
  'validator-edit': validatorEdit,
  unjail,
  evidence,
  certificate,
  'authority-vote': authorityVote,
} as const;

/** An action about validators as JSON. */
export type StakeActionJson = Infer<(typeof stakeActions)[keyof typeof stakeActions]>;

/** An action about validators. */
export type StakeAction = Extract<LedgerAction, { readonly kind: keyof typeof stakeActions }>;

/** An action about validators with its meaning: keys as hexadecimal text, addresses with their prefix. */
export function presentStakeAction(action: StakeAction, prefix: string): StakeActionJson {
  switch (action.kind) {
    case 'bond': {
      const { kind, publicKey, payTo, amount, commissionPermille: kept } = action;
      const owner = formatAddress(payTo, prefix);
      return { kind, validator: toHex(publicKey), payTo: owner, amount, commissionPermille: kept };
    }
    case 'delegate':
      return { kind: action.kind, validator: toHex(action.validator), amount: action.amount };
    case 'unbond':
      return { kind: action.kind, validator: toHex(action.validator), shares: action.amount };
    case 'redelegate':
      return { ...action, from: toHex(action.from), to: toHex(action.to) };
    case 'withdraw':
    case 'unjail':
      return { ...action, validator: toHex(action.validator) };
    case 'validator-edit':
      return {
        ...action,
        validator: toHex(action.validator),
        payTo: formatAddress(action.payTo, prefix),
      };
    case 'evidence':
      return { kind: action.kind, claim: action.claim, evidence: toHex(action.bytes) };
    case 'certificate':
      return { kind: action.kind, certificate: toHex(action.bytes) };
    case 'authority-vote':
      return { ...action, voter: toHex(action.voter), subject: toHex(action.subject) };
    default:
      return unreachable(action);
  }
}
