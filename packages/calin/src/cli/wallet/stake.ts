import type { MethodResult, RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { parseCommission, type StakePart } from '@calin/client/stake/plan-stake.ts';
import { formatAssetAmount, NATIVE_UNITS, parseAssetAmount } from '@calin/client/wallet/asset-units.ts';
import { amount } from '@calin/core/base/amount.ts';
import { fromHex } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import type { LedgerAction } from '@calin/core/ledger/actions/registry.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { type AccountPlace, findAddress, findSigner, type SigningAccount } from '../accounts/find-account.ts';
import { keystoreOf } from '../accounts/network.ts';
import type { CommandIo } from '../command.ts';
import { refuseCli } from '../rules.ts';
import { type Connection, connectToSign, type NodeOptions, type SigningConnection } from './connect.ts';
import { pay } from './pay.ts';
import { formatPayment } from './present-payment.ts';

/** The options of commands that move stake. */
export interface StakeValues extends NodeOptions {
  readonly from: string;
  readonly keystore: string | undefined;
  readonly password: string | undefined;
}

/** Where stake is moved, and by whom. */
export interface StakePlace {
  readonly connection: SigningConnection;
  readonly accounts: AccountPlace;
  readonly from: SigningAccount;
}

/** What a command does to stake. */
export interface StakeChange {
  /** What the answer says was done, such as `Delegated 5 CALIN`. */
  readonly done: string;
  readonly actions: readonly LedgerAction[];
  /** What the answer says beside the transaction. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Other keys that must agree. */
  readonly cosigners?: readonly SigningAccount[];
}

/** A validator as the node tells of it. */
export type FoundValidator = MethodResult<'stake_getValidator'> & { readonly key: PublicKey };

/** Hands in what `plan` makes of it, and says so once it is in a block. */
export async function changeStake(
  values: StakeValues,
  io: CommandIo,
  plan: (place: StakePlace) => Promise<Result<StakeChange>>,
): Promise<Result<undefined>> {
  const connection = await connectToSign(values);
  if (!connection.ok) return connection;
  const accounts = { network: connection.value.network, keystore: keystoreOf(values) };
  const from = await findSigner(values.from, accounts, values.password);
  if (!from.ok) return from;
  const change = await plan({ connection: connection.value, accounts, from: from.value });
  if (!change.ok) return change;
  const { done, actions, json, cosigners = [] } = change.value;
  const payment = await pay(connection.value, from.value, {
    outputs: () => [],
    actions,
    cosigners,
    feePerGas: undefined,
    wait: true,
  });
  if (!payment.ok) return payment;
  const { txid, fee, block } = payment.value;
  io.answer({
    json: { ...json, txid, block: block ?? null, fee },
    text: formatPayment(done, payment.value, formatAssetAmount(fee, NATIVE_UNITS)),
  });
  return ok(undefined);
}

/** The validator that a person named: by its key in hexadecimal, or by an account or an address that is its key. */
export async function findValidator(
  text: string,
  { client }: Pick<Connection, 'client'>,
  accounts: AccountPlace,
): Promise<Result<FoundValidator>> {
  const named = nameValidator(text, accounts);
  if (!named.ok) return named;
  const found = await client.call('stake_getValidator', named.value);
  return found.ok ? ok({ ...found.value, key: fromHex(found.value.publicKey) }) : found;
}

function nameValidator(
  text: string,
  accounts: AccountPlace,
): Result<{ readonly publicKey: string } | { readonly address: string }> {
  if (/^[0-9a-f]{64}$/i.test(text)) return ok({ publicKey: text });
  const address = findAddress(text, accounts);
  return address.ok ? ok({ address: formatAddress(address.value, accounts.network.addressPrefix) }) : address;
}

/** What an account has with one validator; nothing is zero shares. */
export async function heldWith(
  client: RpcClient,
  { from, accounts }: StakePlace,
  { publicKey }: FoundValidator,
) {
  const address = formatAddress(from.address, accounts.network.addressPrefix);
  const answer = await client.call('stake_getDelegations', { address, validators: [publicKey] });
  if (!answer.ok) return answer;
  return ok(answer.value.delegations[0] ?? { shares: 0, worth: 0, free: 0 });
}

/** How much stake a person wants to move: an amount of CALIN, or `all`. */
export function parseStakePart(text: string): Result<StakePart> {
  return text === 'all' ? ok('all') : parseAssetAmount(text, NATIVE_UNITS);
}

/** What part of its rewards a validator keeps, in thousandths; typed as a percentage. */
export function readCommission(text: string): Result<number> {
  const permille = parseCommission(text);
  if (permille !== undefined) return ok(permille);
  return refuseCli('cli/option-value', {
    option: '--commission',
    got: text.slice(0, 80),
    expected: 'a percentage such as 5 or 2.5',
  });
}

/** Hugs as people read them. */
export function formatHugs(hugs: number): string {
  return formatAssetAmount(amount(hugs), NATIVE_UNITS);
}
