import { unreachable } from '../../base/assert.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Action } from '../../primitives/action.ts';
import type { Address } from '../../primitives/address.ts';
import type { StateView } from '../../state/view.ts';
import { refuseLedger } from '../rules.ts';
import type { ActionContext } from './action-context.ts';
import { applyDataAction, DATA_TAG, type DataAction, encodeDataAction, parseDataAction } from './data.ts';
import {
  applyTokenBurnAction,
  encodeTokenBurnAction,
  parseTokenBurnAction,
  TOKEN_BURN_TAG,
  type TokenBurnAction,
} from './token-burn.ts';
import {
  applyTokenCreateAction,
  encodeTokenCreateAction,
  parseTokenCreateAction,
  TOKEN_CREATE_TAG,
  type TokenCreateAction,
} from './token-create.ts';
import {
  applyTokenMintAction,
  encodeTokenMintAction,
  parseTokenMintAction,
  TOKEN_MINT_TAG,
  type TokenMintAction,
  tokenMintAuthority,
} from './token-mint.ts';

/** An action with its meaning. A closed set: every kind has a file in actions/ and a tag on the wire. */
export type LedgerAction = DataAction | TokenCreateAction | TokenMintAction | TokenBurnAction;

/** The action as it travels. */
export function encodeAction(action: LedgerAction): Action {
  switch (action.kind) {
    case 'data':
      return encodeDataAction(action);
    case 'token-create':
      return encodeTokenCreateAction(action);
    case 'token-mint':
      return encodeTokenMintAction(action);
    case 'token-burn':
      return encodeTokenBurnAction(action);
    default:
      return unreachable(action);
  }
}

/** Reads the body of an action by its tag. Refuses by `action/unknown`, `codec/…` or the rules of its kind. */
export function parseAction({ tag, body }: Action): Result<LedgerAction> {
  switch (tag) {
    case DATA_TAG:
      return parseDataAction(body);
    case TOKEN_CREATE_TAG:
      return parseTokenCreateAction(body);
    case TOKEN_MINT_TAG:
      return parseTokenMintAction(body);
    case TOKEN_BURN_TAG:
      return parseTokenBurnAction(body);
    default:
      return refuseLedger('action/unknown', { got: tag });
  }
}

/** The address that must agree to the action by a witness, beside the owners of the inputs; undefined for none. */
export function actionAuthority(action: LedgerAction, view: StateView): Result<Address | undefined> {
  return action.kind === 'token-mint' ? tokenMintAuthority(action, view) : ok(undefined);
}

/** Checks the action against the state and writes what it does. On refusal the caller rolls the overlay back. */
export function applyAction(action: LedgerAction, context: ActionContext): Result<undefined> {
  switch (action.kind) {
    case 'data':
      return applyDataAction(action, context);
    case 'token-create':
      return applyTokenCreateAction(action, context);
    case 'token-mint':
      return applyTokenMintAction(action, context);
    case 'token-burn':
      return applyTokenBurnAction(action, context);
    default:
      return unreachable(action);
  }
}
