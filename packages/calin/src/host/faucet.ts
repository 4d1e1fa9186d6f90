import { buildTransfer } from '@calin/client/transaction-builder/build-transaction.ts';
import { keySigner, signTransaction } from '@calin/client/transaction-builder/sign-transaction.ts';
import { amount } from '@calin/core/base/amount.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { SubmitVerdict } from '@calin/core/node/events.ts';
import type { Node } from '@calin/core/node/node.ts';
import { NodeQueries } from '@calin/core/node/queries.ts';
import type { Runner } from '@calin/core/node/runner.ts';
import { parseAddress } from '@calin/core/primitives/address.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import { refuseRpc } from '@calin/core/rpc/rules.ts';
import { devAccount } from './dev-accounts.ts';
import type { HostMethodRunner } from './rpc-host.ts';

/** The account that the faucet pays from: the last one, so that the first ones keep their round sums. */
const FAUCET_ACCOUNT = 9;
/** Coins that are looked at. */
const COINS_MAX = 1000;

/** What the schema of dev_faucet has checked. */
interface FaucetParams {
  readonly address: string;
  readonly amount: number;
}

/** The host methods of a development node: the faucet, which signs with a public key. */
export function faucetMethods(node: Node, runner: Runner): HostMethodRunner {
  return (name, params, done) => {
    if (name !== 'dev_faucet') return done(refuseRpc('rpc/method-unknown', { got: name }));
    const transaction = buildPayment(node, params as FaucetParams);
    if (!transaction.ok) return done(transaction);
    runner.request({ kind: 'submit', transactions: [transaction.value] }, (answer) => {
      if (!answer.ok) return done(answer);
      const [verdict] = answer.value as readonly SubmitVerdict[];
      if (verdict?.accepted === true) return done(ok({ txid: verdict.txid }));
      done(verdict === undefined ? refuseRpc('rpc/internal') : { ok: false, error: verdict.refusal });
    });
  };
}

function buildPayment(node: Node, params: FaucetParams): Result<Uint8Array> {
  const view = new NodeQueries(node);
  const { spec, chainId } = view;
  const to = parseAddress(params.address, spec.addressPrefix);
  if (!to.ok) return to;
  const account = devAccount(FAUCET_ACCOUNT);
  const found = view.coins(account.address, COINS_MAX, undefined);
  if (!found.ok) return found;
  const nextHeight = view.status().head.header.height + 1;
  const lock = { kind: 'key', publicKey: account.publicKey } as const;
  const built = buildTransfer({
    spec,
    coins: found.value
      .filter(
        (coin) => coin.asset === NATIVE_ASSET && !coin.spentInPool && coin.spendableHeight <= nextHeight,
      )
      .map((coin) => ({ ...coin, opening: { lock, path: 0 } })),
    to: to.value,
    amount: amount(params.amount),
    feePerGas: amount(view.estimateFee(1).feePerGas),
    changeAddress: account.address,
  });
  if (!built.ok) return built;
  const signed = signTransaction(built.value, chainId, [keySigner(account.secretKey)]);
  return signed.ok ? ok(signed.value.bytes) : signed;
}
