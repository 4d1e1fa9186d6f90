import type { ActionJson } from '../node/shapes.ts';
import { formatCount, splitAmount } from './format-units.ts';
import { shorten } from './shorten.ts';

const hugs = (units: number): string => `${splitAmount(units, 8).join('')} CALIN`;
const percent = (permille: number): string => `${permille / 10} %`;
const bytesOf = (digits: string): string => `${formatCount(digits.length / 2)} bytes`;

/** What an action does, in a sentence. Names that people chose are quoted, so that they cannot pass for ours. */
export function explainAction(action: ActionJson): string {
  switch (action.kind) {
    case 'data':
      return `Notarises the hash ${action.hash}${action.note === '' ? '' : `, with the note “${action.note}”`}: whoever has what was hashed can show that it existed when this block was made.`;
    case 'token-create':
      return explainToken(action);
    case 'token-mint':
      return `Makes ${formatCount(action.amount)} more base units of token ${action.asset}.`;
    case 'token-burn':
      return `Destroys ${formatCount(action.amount)} base units of token ${action.asset} for ever.`;
    case 'unknown':
      return `An action of the kind ${action.tag} that this version cannot read: ${bytesOf(action.body)}.`;
    default:
      return explainStake(action);
  }
}

function explainToken(action: Extract<ActionJson, { kind: 'token-create' }>): string {
  const { symbol, name, decimals, supply, supplyMax, minter, asset } = action;
  const [now, most] = [supply, supplyMax].map((units) => splitAmount(units, decimals).join(''));
  const later = minter === null ? 'nobody can mint more' : `${shorten(minter, 12, 6)} may mint more`;
  return `Creates the token “${symbol}”${name === '' ? '' : `, named “${name}”`}, with the id ${asset}: ${now} at once, at most ${most}; ${later}.`;
}

type StakeAction = Exclude<
  ActionJson,
  { kind: 'data' | 'token-create' | 'token-mint' | 'token-burn' | 'unknown' }
>;

function explainStake(action: StakeAction): string {
  switch (action.kind) {
    case 'bond':
      return `Makes the validator ${shorten(action.validator)} with a first stake of ${hugs(action.amount)}; it keeps ${percent(action.commissionPermille)} of its rewards.`;
    case 'delegate':
      return `Stakes ${hugs(action.amount)} with the validator ${shorten(action.validator)}.`;
    case 'unbond':
      return `Takes ${formatCount(action.shares)} shares out of the pool of ${shorten(action.validator)}; they rest before they can be withdrawn.`;
    case 'redelegate':
      return `Moves ${formatCount(action.shares)} shares from the validator ${shorten(action.from)} to ${shorten(action.to)}.`;
    case 'withdraw':
      return `Takes ${hugs(action.amount)} that left ${shorten(action.validator)} in epoch ${formatCount(action.epoch)} and have rested.`;
    case 'validator-edit':
      return `Changes the terms of the validator ${shorten(action.validator)}: it keeps ${percent(action.commissionPermille)} of its rewards.`;
    case 'unjail':
      return `Lets the validator ${shorten(action.validator)}, which was silent, be chosen again.`;
    case 'evidence':
      return `Shows an offence of a validator: ${bytesOf(action.evidence)} of evidence, for ${hugs(action.claim)}.`;
    case 'certificate':
      return `Tells who has signed a block: a certificate of ${bytesOf(action.certificate)}.`;
    case 'authority-vote':
      return `The authority ${shorten(action.voter)} votes to ${action.change} ${shorten(action.subject)}.`;
  }
}
