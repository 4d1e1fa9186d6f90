import { assert } from '../base/assert.ts';
import { parseTokenBurnAction, TOKEN_BURN_TAG } from '../ledger/actions/token-burn.ts';
import { parseTokenCreateAction, TOKEN_CREATE_TAG } from '../ledger/actions/token-create.ts';
import { parseTokenMintAction, TOKEN_MINT_TAG } from '../ledger/actions/token-mint.ts';
import { tokenId } from '../ledger/token.ts';
import type { Action } from '../primitives/action.ts';
import type { Block } from '../primitives/block.ts';
import { FlatBlock, transactionAt, transactionCount } from '../primitives/flat-block.ts';
import type { Outpoint } from '../primitives/outpoint.ts';
import { type AssetId, NATIVE_ASSET } from '../primitives/output.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { IndexStage, Wanted } from './index-stage.ts';
import { TOKEN_ORDER, TOKEN_WORDS, TOKENS } from './tables.ts';
import { tokenWords } from './token-words.ts';

/** An action of a transaction in its block. */
interface PlacedAction {
  readonly transaction: Transaction;
  readonly position: number;
  readonly action: number;
  readonly tag: number;
  readonly body: Uint8Array;
}

/** Rows of tokens that a block mints or burns. */
export function tokensWanted(block: Block): Wanted[] {
  const wanted: Wanted[] = [];
  for (const { tag, body } of tokenActionsOf(block)) {
    const change = supplyChange({ tag, body });
    if (change !== undefined && change.asset !== NATIVE_ASSET) {
      wanted.push({ table: TOKENS, cells: [change.asset] });
    }
  }
  return wanted;
}

/** Adds the tokens that a block creates, and follows the supply of those it mints and burns. */
export function applyTokenActions(stage: IndexStage, block: Block): { readonly burned: number } {
  let burned = 0;
  for (const placed of tokenActionsOf(block)) {
    if (placed.tag === TOKEN_CREATE_TAG) addToken(stage, block, placed);
    const change = supplyChange(placed);
    if (change === undefined) continue;
    if (change.asset === NATIVE_ASSET) burned -= change.amount;
    else moveSupply(stage, change);
  }
  return { burned };
}

/** Actions about tokens, in their order. A transfer has none. */
function* tokenActionsOf(block: Block): Generator<PlacedAction, void, undefined> {
  for (let position = 0; position < transactionCount(block); position++) {
    if (block instanceof FlatBlock && block.isTransfer[position] === 1) continue;
    const transaction = transactionAt(block, position);
    for (const [action, { tag, body }] of transaction.actions.entries()) {
      const isOfTokens = tag === TOKEN_CREATE_TAG || tag === TOKEN_MINT_TAG || tag === TOKEN_BURN_TAG;
      if (isOfTokens) yield { transaction, position, action, tag, body };
    }
  }
}

/** How a mint or a burn changes a supply; undefined for other actions. */
function supplyChange({ tag, body }: Action): { asset: AssetId; amount: number } | undefined {
  if (tag !== TOKEN_MINT_TAG && tag !== TOKEN_BURN_TAG) return undefined;
  const parsed = tag === TOKEN_MINT_TAG ? parseTokenMintAction(body) : parseTokenBurnAction(body);
  assert(parsed.ok, 'a block of the best branch has an action that cannot be read');
  const { asset, amount } = parsed.value;
  return { asset, amount: tag === TOKEN_MINT_TAG ? amount : -amount };
}

function addToken(stage: IndexStage, block: Block, placed: PlacedAction): void {
  const { transaction, position, action, body } = placed;
  const parsed = parseTokenCreateAction(body);
  assert(parsed.ok, 'a block of the best branch has a token that cannot be read');
  const { symbol, name, decimals, supply, supplyMax, minter } = parsed.value;
  const asset = tokenId(transaction.inputs[0] as Outpoint, action);
  const { height } = block.header;
  const { txid } = transaction;
  const token = { asset, symbol, name, decimals, supply, supplyMax, minter, height, position, action, txid };
  stage.create(TOKENS, token);
  stage.create(TOKEN_ORDER, { height, position, action, asset });
  for (const word of tokenWords(token)) stage.create(TOKEN_WORDS, { word, asset });
}

function moveSupply(stage: IndexStage, { asset, amount }: { asset: AssetId; amount: number }): void {
  const before = stage.get(TOKENS, { asset });
  assert(before !== undefined, 'a token that a block mints or burns is not in the index');
  stage.replace(TOKENS, before, { ...before, supply: before.supply + amount });
}
