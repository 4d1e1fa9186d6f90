import type { Evidence, Refusal } from '@calin/core/base/result.ts';
import { formatCount, splitAmount } from '../words/format-units.ts';

/** Rules whose help is about the command line, with what to do on the page instead. */
const HELP: Readonly<Record<string, string>> = {
  'keystore/wrong-password': 'Try it again, in the same keyboard layout, with capitals as they were.',
  'wallet/backup': 'Choose a file that “Save a backup” or “calin wallet backup” has written.',
  'wallet/coin-unknown': 'It was spent meanwhile, or is not mature. Choose the coins again.',
  'wallet/message-format': 'Paste the whole text, from the first brace to the last.',
  'wallet/name-unknown': 'It was taken away meanwhile.',
  'node/no-index':
    'This node keeps no index of addresses. Use the page of a node that does, or begin with the first account alone.',
};

/** What is wrong and what to do about it, as sentences for a field. Of a phrase only the wrong word is told. */
export function refusalWords({ rule, message, help, evidence }: Refusal): string {
  if (rule === 'keys/mnemonic-word') {
    const similar = String(evidence['similar'] ?? '');
    const hint = similar === '' ? '' : ` Is it one of: ${similar.split(' ').join(', ')}?`;
    return `Word ${evidence['place']}, “${evidence['word']}”, is not in the list.${hint}`;
  }
  if (rule === 'wallet/document' && typeof evidence['why'] === 'string')
    return `That cannot be: ${evidence['why']}.`;
  if (rule === 'wallet/payment-uri' && typeof evidence['why'] === 'string')
    return `The payment request cannot be read: ${evidence['why']}.`;
  if (rule === 'wallet/insufficient-funds') return fundsWords(evidence);
  return `${message} ${HELP[rule] ?? help}`;
}

function fundsWords({ asset, got, expected }: Evidence): string {
  const isNative = asset === 0 || asset === null;
  const units = (value: unknown) =>
    isNative
      ? `${splitAmount(Number(value), 8).join('')} CALIN`
      : `${formatCount(Number(value))} base units of asset ${asset}`;
  const spendable = `${units(got)} can be spent${isNative ? ' after the fee' : ''}`;
  return `The coins do not hold enough: ${spendable}, and ${units(expected)} are needed.`;
}
