import { toHex } from '../../base/bytes.ts';
import { array, hex, type Infer, integer, nullable, object } from '../../base/schema.ts';
import { addressOf, formatAddress } from '../../primitives/address.ts';
import {
  ACTIONS_MAX,
  INPUTS_MAX,
  LOCK_KEYS_MAX,
  OUTPUTS_MAX,
  TRANSACTION_BYTES_MAX,
  WITNESSES_MAX,
} from '../../primitives/limits.ts';
import type { Receipt } from '../../primitives/receipt.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import type { Witness } from '../../primitives/witness.ts';
import { actionJson, presentAction } from './action.ts';
import {
  addressField,
  assetField,
  hashField,
  heightField,
  outpointJson,
  presentOutpoint,
  unitsField,
} from './fields.ts';
import { lockJson, presentLock } from './lock.ts';

const outputJson = object('A coin that is created.', {
  asset: assetField(),
  amount: unitsField('Base units.'),
  address: addressField('Who may spend it.'),
});

const witnessJson = object('Opens the coins of one address.', {
  address: addressField('The address: the hash of the lock.'),
  lock: lockJson,
  path: integer('Which way the lock is opened.', 0, 255),
  signers: array('Positions of the keys that signed.', integer('Position.', 0, 15), LOCK_KEYS_MAX),
  signatures: array('Ed25519 signatures of the txid.', hex('Signature.', { bytes: 64 }), LOCK_KEYS_MAX),
  preimage: nullable(hex('The secret of an htlc.', { bytes: 32 })),
});

/** A transaction as JSON. */
export const transactionJson = object('A transaction.', {
  txid: hashField('Id: what is signed.'),
  expiryHeight: heightField('Last height at which a block may hold it; 0 for no expiry.'),
  inputs: array('Coins that are spent.', outpointJson, INPUTS_MAX),
  outputs: array('Coins that are created.', outputJson, OUTPUTS_MAX),
  actions: array('What it does beside moving coins.', actionJson, ACTIONS_MAX),
  witnesses: array('One for each address that agrees.', witnessJson, WITNESSES_MAX),
  bytes: hex('The encoding, from which everything else follows.', { bytesMax: TRANSACTION_BYTES_MAX }),
});

/** See {@link transactionJson}. */
export type TransactionJson = Infer<typeof transactionJson>;

/** A transaction with its actions read and its addresses as text. */
export function presentTransaction(transaction: Transaction, prefix: string): TransactionJson {
  const { txid, expiryHeight, inputs, outputs, actions, witnesses, bytes } = transaction;
  return {
    txid: toHex(txid),
    expiryHeight,
    inputs: inputs.map(presentOutpoint),
    outputs: outputs.map(({ asset, amount, address }) => ({
      asset,
      amount,
      address: formatAddress(address, prefix),
    })),
    actions: actions.map((action, index) => presentAction(action, index, inputs[0], prefix)),
    witnesses: witnesses.map((witness) => presentWitness(witness, prefix)),
    bytes: toHex(bytes),
  };
}

function presentWitness({ lock, path, signers, signatures, preimage }: Witness, prefix: string) {
  return {
    address: formatAddress(addressOf(lock), prefix),
    lock: presentLock(lock),
    path,
    signers,
    signatures: signatures.map(toHex),
    preimage: preimage === undefined ? null : toHex(preimage),
  };
}

/** A receipt as JSON. */
export const receiptJson = object('What a transaction did in its block.', {
  gasUsed: integer('Gas.'),
  fee: unitsField('Hugs that it paid.'),
  burned: unitsField('The part of the fee that was burned.'),
});

/** A receipt without the txid, which stands beside it. */
export function presentReceipt({ gasUsed, fee, burned }: Receipt): Infer<typeof receiptJson> {
  return { gasUsed, fee, burned };
}
