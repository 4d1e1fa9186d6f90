import { isAmount } from '@calin/core/base/amount.ts';
import { unreachable } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { BondAction } from '@calin/core/ledger/actions/bond.ts';
import type { LedgerAction } from '@calin/core/ledger/actions/registry.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import type { SpendCondition } from '@calin/core/primitives/locks/spend-path.ts';
import { type AssetId, NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import { formatAmountText, NATIVE_DECIMALS } from '../units/amount-text.ts';
import type { Statement, WalletKnowledge } from './explain-transaction.ts';
import type { ExplainWarning } from './explain-warnings.ts';

/** What the words are made with. */
export type WordsKnowledge = Pick<WalletKnowledge, 'addressPrefix' | 'tokens'>;

/** A statement as an English sentence without its full stop. */
export function statementWords(statement: Statement, knowledge: WordsKnowledge): string {
  switch (statement.kind) {
    case 'spends': {
      const { asset, amount, coins } = statement;
      return `Spends ${amountWords(asset, amount, knowledge)} in ${coins} ${coins === 1 ? 'coin' : 'coins'}`;
    }
    case 'pays':
      return `Pays ${amountWords(statement.asset, statement.amount, knowledge)} to ${placeWords(statement)}`;
    case 'returns':
      return `Keeps ${amountWords(statement.asset, statement.amount, knowledge)} at ${placeWords(statement)}, which is yours`;
    case 'fee':
      return feeWords(statement);
    case 'acts':
      return actionWords(statement.action, knowledge);
    case 'acts-unknown':
      return `Does something that this program does not know (action ${statement.tag})`;
    case 'expires':
      return `Can be in no block after height ${statement.height}`;
    case 'opens': {
      const { publicKeys, threshold, condition } = statement.path;
      const who = `${threshold} of ${publicKeys.length} ${publicKeys.length === 1 ? 'key' : 'keys'}`;
      return `Opens the lock ${placeWords(statement)} with ${who}${conditionWords(condition)}`;
    }
    default:
      return unreachable(statement);
  }
}

/** A warning as English sentences. */
export function warningWords(warning: ExplainWarning, knowledge: WordsKnowledge): string {
  switch (warning.id) {
    case 'foreign-chain':
      return 'This is a transaction of another chain: what it spends there is not what you see here.';
    case 'unknown-action':
      return 'It does something that this program cannot explain. Sign it only with a program that can.';
    case 'inputs-short':
      return 'Its inputs do not hold what it pays. Either somebody lies about them, or no block can hold it.';
    case 'inputs-unproved':
      return 'What its inputs hold is only what its maker says, and so is the fee.';
    case 'new-address':
      return `No payment of yours to ${warning.address} is known, and it is no contact. Compare every character.`;
    case 'large-fee':
      return warning.why === 'share'
        ? 'The fee is more than a tenth of what is paid.'
        : 'The fee is more than four times what others pay now.';
    case 'unknown-token':
      return `Asset ${warning.asset} is not known here: its amounts are base units, and anybody can make a token.`;
    case 'everything':
      return `Nothing is left of ${assetName(warning.asset, knowledge)}.`;
    default:
      return unreachable(warning);
  }
}

function feeWords({ amount, sharePermille }: Extract<Statement, { kind: 'fee' }>): string {
  const fee = `${formatUnits(amount, NATIVE_DECIMALS)} CALIN`;
  if (sharePermille === undefined) return `Costs a fee of ${fee}`;
  const share = sharePermille <= 1 ? 'at most 0.1 %' : `${sharePermille / 10} %`;
  return `Costs a fee of ${fee}, ${share} of what is paid`;
}

function actionWords(action: LedgerAction, knowledge: WordsKnowledge): string {
  switch (action.kind) {
    case 'data': {
      const note = action.note === '' ? '' : ` and the note ${JSON.stringify(action.note)}`;
      return `Writes the hash ${toHex(action.hash)}${note} into the chain for ever`;
    }
    case 'token-create': {
      const { symbol, name, decimals, supply, supplyMax } = action;
      const [now, most] = [supply, supplyMax].map((units) => formatUnits(units, decimals));
      return `Makes the token ${symbol} (${JSON.stringify(name)}): ${now} at once, at most ${most}`;
    }
    case 'token-mint':
      return `Makes ${amountWords(action.asset, action.amount, knowledge)} more`;
    case 'token-burn':
      return `Destroys ${amountWords(action.asset, action.amount, knowledge)} for ever`;
    case 'certificate':
      return 'Shows the votes that made a block final';
    case 'authority-vote':
      return `Votes as ${toHex(action.voter)} to ${action.change} the authority ${toHex(action.subject)}`;
    default:
      return stakeWords(action, knowledge);
  }
}

type StakeAction = Exclude<
  LedgerAction,
  { kind: 'data' | 'token-create' | 'token-mint' | 'token-burn' | 'certificate' | 'authority-vote' }
>;

function stakeWords(action: StakeAction, knowledge: WordsKnowledge): string {
  const coins = (hugs: number) => amountWords(NATIVE_ASSET, hugs, knowledge);
  const terms = ({ commissionPermille, payTo }: Pick<BondAction, 'commissionPermille' | 'payTo'>) =>
    `${commissionPermille / 10} % of its rewards for ${formatAddress(payTo, knowledge.addressPrefix)}`;
  if (action.kind === 'evidence') return `Shows that a validator broke the rules, for ${coins(action.claim)}`;
  if (action.kind === 'redelegate') {
    const { shares, from, to } = action;
    return `Moves ${shares} shares of stake from the validator ${toHex(from)} to ${toHex(to)}`;
  }
  if (action.kind === 'bond') {
    const validator = toHex(action.publicKey);
    return `Bonds ${coins(action.amount)} for the validator ${validator}, which keeps ${terms(action)}`;
  }
  const validator = `the validator ${toHex(action.validator)}`;
  switch (action.kind) {
    case 'delegate':
      return `Delegates ${coins(action.amount)} to ${validator}`;
    case 'unbond':
      return `Takes ${action.amount} shares of stake from ${validator}, to be withdrawn later`;
    case 'withdraw':
      return `Withdraws ${coins(action.amount)} of stake that left ${validator} in epoch ${action.epoch}`;
    case 'validator-edit':
      return `Lets ${validator} keep ${terms(action)}`;
    case 'unjail':
      return `Lets ${validator} take part again`;
    default:
      return unreachable(action);
  }
}

function conditionWords(condition: SpendCondition): string {
  switch (condition.kind) {
    case 'none':
      return '';
    case 'height':
      return `, from height ${condition.heightMin} on`;
    case 'time':
      return `, from ${condition.timeMsMin} milliseconds after 1970 on`;
    case 'age':
      return `, for coins that have rested ${condition.blocksMin} blocks`;
    case 'preimage':
      return ' and the secret of its hash';
    default:
      return unreachable(condition);
  }
}

function placeWords({ address, name }: { readonly address: string; readonly name: string | undefined }) {
  return name === undefined ? address : `${name} (${address})`;
}

function assetName(asset: AssetId, { tokens }: WordsKnowledge): string {
  if (asset === NATIVE_ASSET) return 'CALIN';
  // Two tokens may have one symbol, so the number is always beside it.
  const token = tokens.get(asset);
  return token === undefined ? `asset ${asset}` : `${token.symbol} (asset ${asset})`;
}

function amountWords(asset: AssetId, units: number, knowledge: WordsKnowledge): string {
  const decimals = asset === NATIVE_ASSET ? NATIVE_DECIMALS : knowledge.tokens.get(asset)?.decimals;
  if (decimals === undefined) return `${units} base units of ${assetName(asset, knowledge)}`;
  return `${formatUnits(units, decimals)} ${assetName(asset, knowledge)}`;
}

/** Claims may add up to more than an amount, or leave a fee below 0. */
function formatUnits(units: number, decimals: number): string {
  const size = Math.abs(units);
  if (!isAmount(size)) return `${units / 10 ** decimals}`;
  return `${units < 0 ? '−' : ''}${formatAmountText(size, decimals)}`;
}
