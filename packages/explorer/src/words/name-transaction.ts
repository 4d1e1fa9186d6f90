import type { ActionJson, TransactionJson } from '../node/shapes.ts';

const NAMES: Readonly<Record<ActionJson['kind'], string>> = {
  data: 'Note',
  'token-create': 'New token',
  'token-mint': 'Mint',
  'token-burn': 'Burn',
  bond: 'Bond',
  delegate: 'Delegation',
  unbond: 'Unbonding',
  redelegate: 'Redelegation',
  withdraw: 'Withdrawal',
  'validator-edit': 'Validator terms',
  unjail: 'Unjail',
  evidence: 'Evidence',
  certificate: 'Certificate',
  'authority-vote': 'Authority vote',
  unknown: 'Unknown action',
};

/** What a transaction is, in a word or two: by its first action, or by how coins move in it. */
export function nameTransaction({ inputs, outputs, actions }: TransactionJson): string {
  const [action] = actions;
  if (inputs.length === 0) return 'Reward';
  if (action !== undefined) return NAMES[action.kind];
  return outputs.some(({ asset }) => asset !== 0) ? 'Token transfer' : 'Payment';
}
