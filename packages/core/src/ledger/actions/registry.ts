import { unreachable } from '../../base/assert.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Action } from '../../primitives/action.ts';
import type { Address } from '../../primitives/address.ts';
import type { StateView } from '../../state/view.ts';
import { refuseLedger } from '../rules.ts';
import { refuseStake } from '../stake/rules.ts';
import type { ActionContext } from './action-context.ts';
import {
  AUTHORITY_VOTE_TAG,
  type AuthorityVoteAction,
  applyAuthorityVoteAction,
  authorityVoteAuthority,
  encodeAuthorityVoteAction,
  parseAuthorityVoteAction,
} from './authority-vote.ts';
import {
  applyBondAction,
  BOND_TAG,
  type BondAction,
  bondAuthority,
  encodeBondAction,
  parseBondAction,
} from './bond.ts';
import {
  CERTIFICATE_TAG,
  type CertificateAction,
  encodeCertificateAction,
  parseCertificateAction,
} from './certificate.ts';
import { applyDataAction, DATA_TAG, type DataAction, encodeDataAction, parseDataAction } from './data.ts';
import {
  applyDelegateAction,
  DELEGATE_TAG,
  type DelegateAction,
  encodeDelegateAction,
  parseDelegateAction,
} from './delegate.ts';
import {
  applyEvidenceAction,
  EVIDENCE_TAG,
  type EvidenceAction,
  encodeEvidenceAction,
  parseEvidenceAction,
} from './evidence.ts';
import {
  applyRedelegateAction,
  encodeRedelegateAction,
  parseRedelegateAction,
  REDELEGATE_TAG,
  type RedelegateAction,
} from './redelegate.ts';
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
import {
  applyUnbondAction,
  encodeUnbondAction,
  parseUnbondAction,
  UNBOND_TAG,
  type UnbondAction,
} from './unbond.ts';
import {
  applyUnjailAction,
  encodeUnjailAction,
  parseUnjailAction,
  UNJAIL_TAG,
  type UnjailAction,
} from './unjail.ts';
import {
  applyValidatorEditAction,
  encodeValidatorEditAction,
  parseValidatorEditAction,
  VALIDATOR_EDIT_TAG,
  type ValidatorEditAction,
} from './validator-edit.ts';
import {
  applyWithdrawAction,
  encodeWithdrawAction,
  parseWithdrawAction,
  WITHDRAW_TAG,
  type WithdrawAction,
} from './withdraw.ts';

/** An action with its meaning. A closed set: every kind has a file in actions/ and a tag on the wire. */
export type LedgerAction =
  | DataAction
  | TokenCreateAction
  | TokenMintAction
  | TokenBurnAction
  | BondAction
  | DelegateAction
  | UnbondAction
  | RedelegateAction
  | WithdrawAction
  | ValidatorEditAction
  | UnjailAction
  | EvidenceAction
  | CertificateAction
  | AuthorityVoteAction;

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
    case 'bond':
      return encodeBondAction(action);
    case 'delegate':
      return encodeDelegateAction(action);
    case 'unbond':
      return encodeUnbondAction(action);
    case 'redelegate':
      return encodeRedelegateAction(action);
    case 'withdraw':
      return encodeWithdrawAction(action);
    case 'validator-edit':
      return encodeValidatorEditAction(action);
    case 'unjail':
      return encodeUnjailAction(action);
    case 'evidence':
      return encodeEvidenceAction(action);
    case 'certificate':
      return encodeCertificateAction(action);
    case 'authority-vote':
      return encodeAuthorityVoteAction(action);
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
    case BOND_TAG:
      return parseBondAction(body);
    case DELEGATE_TAG:
      return parseDelegateAction(body);
    case UNBOND_TAG:
      return parseUnbondAction(body);
    case REDELEGATE_TAG:
      return parseRedelegateAction(body);
    case WITHDRAW_TAG:
      return parseWithdrawAction(body);
    case VALIDATOR_EDIT_TAG:
      return parseValidatorEditAction(body);
    case UNJAIL_TAG:
      return parseUnjailAction(body);
    case EVIDENCE_TAG:
      return parseEvidenceAction(body);
    case CERTIFICATE_TAG:
      return parseCertificateAction(body);
    case AUTHORITY_VOTE_TAG:
      return parseAuthorityVoteAction(body);
    default:
      return refuseLedger('action/unknown', { got: tag });
  }
}

/** The address that must agree to the action by a witness, beside the owners of the inputs; undefined for none. */
export function actionAuthority(action: LedgerAction, view: StateView): Result<Address | undefined> {
  if (action.kind === 'token-mint') return tokenMintAuthority(action, view);
  if (action.kind === 'bond') return ok(bondAuthority(action));
  return ok(action.kind === 'authority-vote' ? authorityVoteAuthority(action) : undefined);
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
    case 'bond':
      return applyBondAction(action, context);
    case 'delegate':
      return applyDelegateAction(action, context);
    case 'unbond':
      return applyUnbondAction(action, context);
    case 'redelegate':
      return applyRedelegateAction(action, context);
    case 'withdraw':
      return applyWithdrawAction(action, context);
    case 'validator-edit':
      return applyValidatorEditAction(action, context);
    case 'unjail':
      return applyUnjailAction(action, context);
    case 'evidence':
      return applyEvidenceAction(action, context);
    case 'certificate':
      return refuseStake('certificate/reward-only');
    case 'authority-vote':
      return applyAuthorityVoteAction(action, context);
    default:
      return unreachable(action);
  }
}
