import { DEV_MNEMONIC, devAccounts } from '@calin/client/keys/dev-accounts.ts';
import { formatAmountText, NATIVE_DECIMALS } from '@calin/client/units/amount-text.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import type { DataFolder } from '../adapters/data-folder.ts';
import type { RunningNode } from '../host/serve-node.ts';
import type { Answer } from './command.ts';
import { formatTable } from './output.ts';

/**
 * What `calin dev` says when it answers.
 *
 * @param where - what the other commands must be told to find the node, such as ` --data DIR`; empty for nothing
 * @param pages - whether the node shows the explorer to browsers
 */
export function presentDev(
  { path, spec }: DataFolder,
  { url, linePort }: Pick<RunningNode, 'url' | 'linePort'>,
  where: string,
  pages: boolean,
): Answer {
  const accounts = devAccounts().map(({ name, address, path: keyPath }) => ({
    name,
    address: formatAddress(address, spec.addressPrefix),
    path: keyPath,
  }));
  const first = spec.allocations[0];
  const each = first === undefined ? '0' : formatAmountText(first.amount, NATIVE_DECIMALS);
  const text = [
    `Development chain "${spec.name}" in ${path}`,
    ...(pages ? [`Explorer at ${url}`] : []),
    `JSON-RPC at ${url}`,
    ...(linePort === undefined ? [] : [`Line protocol at 127.0.0.1:${linePort}`]),
    '',
    `Ten accounts, each with ${each} CALIN at the start:`,
    formatTable(accounts.map(({ name, address }) => [`  ${name}`, address])),
    '',
    `Phrase: ${DEV_MNEMONIC}`,
    'It is public: anybody has these keys. Never send them anything of value.',
    '',
    'In another terminal:',
    `  ./calin account create --name alice${where}`,
    `  ./calin send --from dev0 --to alice --amount 5${where}`,
    `  ./calin balance alice${where}`,
    `  ./calin verify${where}`,
    '',
    'Ctrl-C stops the node; everything is kept.',
    '',
  ].join('\n');
  const warning = 'public phrase: anybody has these keys';
  return {
    json: {
      url,
      ...(linePort === undefined ? {} : { linePort }),
      data: path,
      network: spec.name,
      accounts,
      mnemonic: DEV_MNEMONIC,
      warning,
    },
    text,
  };
}
