import { isZero, toHex } from '../../base/bytes.ts';
import {
  choice,
  hex,
  type Infer,
  integer,
  nullable,
  object,
  type Schema,
  string,
  variant,
} from '../../base/schema.ts';
import { parseAction } from '../../ledger/actions/registry.ts';
import type { TokenCreateAction } from '../../ledger/actions/token-create.ts';
import { tokenId } from '../../ledger/token.ts';
import { ACTION_BODY_BYTES_MAX, type Action } from '../../primitives/action.ts';
import { formatAddress } from '../../primitives/address.ts';
import type { Outpoint } from '../../primitives/outpoint.ts';
import { addressField, assetField, hashField, unitsField } from './fields.ts';
import { presentStakeAction, type StakeActionJson, stakeActions } from './stake-action.ts';

const kindField = <const T extends string>(kind: T) => choice('Kind of the action.', [kind]);

const data = object('Notarises a hash.', {
  kind: kindField('data'),
  hash: hashField('What is notarised.'),
  note: string('A reference or a title.', { lengthMax: 256 }),
});

const tokenCreate = object('Creates a token.', {
  kind: kindField('token-create'),
  asset: assetField('Asset id of the new token.'),
  symbol: string('1 to 12 of A-Z and 0-9; not unique.', { lengthMax: 12 }),
  name: string('Its name; may be empty.', { lengthMax: 64 }),
  decimals: integer('Digits shown after the point.', 0, 18),
  supplyMax: unitsField('Most base units that may exist at a time.'),
  supply: unitsField('Base units that are minted at once.'),
  minter: nullable(addressField('Who may mint later; null for nobody.')),
});

const tokenMint = object('Adds to the supply of a token.', {
  kind: kindField('token-mint'),
  asset: assetField(),
  amount: unitsField('Base units.'),
});

const tokenBurn = object('Destroys an amount.', {
  kind: kindField('token-burn'),
  asset: assetField(),
  amount: unitsField('Base units.'),
});

const unknown = object('An action that this version cannot read.', {
  kind: kindField('unknown'),
  tag: integer('Its tag on the wire.', 0, 255),
  body: hex('Its bytes.', { bytesMax: ACTION_BODY_BYTES_MAX }),
});

/** An action as JSON. */
export type ActionJson =
  | Infer<typeof data>
  | Infer<typeof tokenCreate>
  | Infer<typeof tokenMint>
  | Infer<typeof tokenBurn>
  | StakeActionJson
  | Infer<typeof unknown>;

/** The schema of {@link ActionJson}. */
export const actionJson: Schema<ActionJson> = variant<ActionJson>('kind', {
  data,
  'token-create': tokenCreate,
  'token-mint': tokenMint,
  'token-burn': tokenBurn,
  ...stakeActions,
  unknown,
});

/**
 * An action with its meaning.
 *
 * @param firstInput - of its transaction; with `index`, the position of the action, it gives the id of a new token
 */
export function presentAction(
  action: Action,
  index: number,
  firstInput: Outpoint | undefined,
  prefix: string,
): ActionJson {
  const parsed = parseAction(action);
  if (!parsed.ok) return { kind: 'unknown', tag: action.tag, body: toHex(action.body) };
  const meaning = parsed.value;
  switch (meaning.kind) {
    case 'data':
      return { kind: 'data', hash: toHex(meaning.hash), note: meaning.note };
    case 'token-create':
      return presentTokenCreate(meaning, firstInput === undefined ? 0 : tokenId(firstInput, index), prefix);
    case 'token-mint':
    case 'token-burn':
      return { kind: meaning.kind, asset: meaning.asset, amount: meaning.amount };
    default:
      return presentStakeAction(meaning, prefix);
  }
}

function presentTokenCreate(action: TokenCreateAction, asset: number, prefix: string): ActionJson {
  const { kind, symbol, name, decimals, supplyMax, supply, minter } = action;
  const mintedBy = isZero(minter) ? null : formatAddress(minter, prefix);
  return { kind, asset, symbol, name, decimals, supplyMax, supply, minter: mintedBy };
}
