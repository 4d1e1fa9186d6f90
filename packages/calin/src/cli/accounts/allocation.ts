import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NATIVE_DECIMALS, parseAmountText } from '@calin/client/units/amount-text.ts';
import type { Amount } from '@calin/core/base/amount.ts';
import type { Result } from '@calin/core/base/result.ts';
import { parseAddress } from '@calin/core/primitives/address.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { formatGenesisFile, parseGenesisFile } from '@calin/core/spec/genesis-file.ts';
import { createDataFolder, openDataFolder } from '../../adapters/data-folder.ts';
import { createDevSpec, removeChain } from '../../host/dev-network.ts';
import { refuseCli } from '../rules.ts';
import { readNetwork } from './network.ts';

/** Checks an amount for the genesis of a chain, and that the chain has not begun. */
export function checkAllocation(text: string, folder: string): Result<Amount> {
  const amount = parseAmountText(text, NATIVE_DECIMALS);
  if (!amount.ok) return amount;
  if (amount.value === 0) return refuseCli('cli/amount', { got: text });
  return hasStarted(folder) ? refuseCli('cli/chain-started', { folder }) : amount;
}

/**
 * Gives an address coins in the genesis of a chain that has not begun. A folder without a chain becomes that of a
 * development chain. The genesis file is written anew, and with it the id of the chain.
 */
export function allocate(folder: string, addressText: string, amount: Amount): Result<undefined> {
  const network = readNetwork(folder);
  if (!network.ok) return network;
  const address = parseAddress(addressText, network.value.addressPrefix);
  if (!address.ok) return address;
  const allocation = { address: address.value, amount };
  const { spec } = network.value;
  const before = spec ?? createDevSpec(Date.now());
  const changed = checkedSpec({ ...before, allocations: [...before.allocations, allocation] });
  if (!changed.ok) return changed;
  if (spec === undefined) return createDataFolder(folder, changed.value);
  const opened = openDataFolder(folder);
  if (!opened.ok) return opened;
  const { settings } = opened.value;
  opened.value.close();
  if (hasStarted(folder)) return refuseCli('cli/chain-started', { folder });
  const removed = removeChain(folder);
  return removed.ok ? createDataFolder(folder, changed.value, settings) : removed;
}

/** A store has its file CURRENT from its first moment on. */
function hasStarted(folder: string): boolean {
  return existsSync(join(folder, 'chain', 'CURRENT'));
}

/** The rules of a genesis file, the cap among them, for a spec that was changed. */
function checkedSpec(spec: ChainSpec): Result<ChainSpec> {
  return parseGenesisFile(formatGenesisFile(spec));
}
