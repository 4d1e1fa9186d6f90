import { devAccount } from '@calin/client/keys/dev-accounts.ts';
import { keySigner, type TransactionSigner } from '@calin/client/transaction-builder/sign-transaction.ts';
import { amount } from '@calin/core/base/amount.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { ok } from '@calin/core/base/result.ts';
import type { Node } from '@calin/core/node/node.ts';
import { refuseNode } from '@calin/core/node/rules.ts';
import { parseAddress } from '@calin/core/primitives/address.ts';
import type { RpcHost } from '@calin/core/rpc/dispatch.ts';
import { refuseRpc } from '@calin/core/rpc/rules.ts';
import { PaymentDesk } from './payment-desk.ts';
import type { HostMethodRunner } from './rpc-host.ts';

/** The account that the faucet pays from: the last one, so that the first ones keep their round sums. */
const FAUCET_ACCOUNT = 9;

/** What the schema of dev_faucet has checked. */
interface FaucetParams {
  readonly address: string;
  readonly amount: number;
}

/** Payments that wait for the one before; more are refused by `node/busy`. */
const WAITING_MAX = 256;

/** The host methods of a development node: the faucet, which signs with a public key. */
export function faucetMethods(
  node: Node,
  host: Pick<RpcHost, 'request' | 'failed' | 'view'>,
): HostMethodRunner {
  const desk = new PaymentDesk({ node, host });
  let signer: TransactionSigner | undefined;
  return (name, params, done) => {
    if (name !== 'dev_faucet') return done(refuseRpc('rpc/method-unknown', { got: name }));
    const { waiting } = desk;
    if (waiting >= WAITING_MAX) return done(refuseNode('node/busy', { waiting }));
    const { address, amount: value } = params as FaucetParams;
    const to = parseAddress(address, node.spec.addressPrefix);
    if (!to.ok) return done(to);
    // Made when somebody first asks: a start must not wait for it.
    signer ??= keySigner(devAccount(FAUCET_ACCOUNT).secretKey);
    desk.pay({ signer, receiver: to.value, amount: amount(value) }, (txid) =>
      done(txid.ok ? ok({ txid: toHex(txid.value) }) : txid),
    );
  };
}
