import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { findAddress } from '../accounts/find-account.ts';
import { keystoreOf } from '../accounts/network.ts';
import { type Connection, connect, type NodeOptions } from './connect.ts';

/** A node, and the account of its chain that a command is about. */
export interface AccountConnection extends Connection {
  /** As the chain writes it. */
  readonly address: string;
}

/** Finds the node ({@link connect}) and the account that was named: by its name, or by an address. */
export async function connectAccount(
  options: NodeOptions & { readonly keystore: string | undefined },
  account: string,
): Promise<Result<AccountConnection>> {
  const connection = await connect(options);
  if (!connection.ok) return connection;
  const { network } = connection.value;
  const found = findAddress(account, { network, keystore: keystoreOf(options) });
  if (!found.ok) return found;
  return ok({ ...connection.value, address: formatAddress(found.value, network.addressPrefix) });
}
