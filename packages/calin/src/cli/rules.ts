import type { Refusal } from '@calin/core/base/result.ts';
import { defineRules } from '@calin/core/base/rules.ts';

/** Refusals of what a person typed, and of what the command line finds around it. */
export const refuseCli = defineRules({
  'cli/unknown-command': {
    message: 'There is no such command.',
    help: 'See "calin --help" for the commands.',
  },
  'cli/unknown-option': {
    message: 'There is no such option.',
    help: 'See the command with --help for its options.',
  },
  'cli/option-value': {
    message: 'The value of an option cannot be used.',
    help: 'See the expected value in the evidence, or the command with --help.',
  },
  'cli/archive-snapshot': {
    message:
      'An archive keeps every old state, so it has to execute every block and cannot begin with a snapshot.',
    help: 'Add --mode full or --mode pruned, or leave --sync snapshot out. A development chain is an archive unless it is told otherwise.',
  },
  'cli/missing': {
    message: 'Something that the command needs was not given.',
    help: 'Add what the evidence names; the command with --help shows an example.',
  },
  'cli/too-many-arguments': {
    message: 'The command takes fewer arguments.',
    help: 'Put texts with spaces between quotation marks, and options with two hyphens before them.',
  },
  'cli/config-file': {
    message: 'The configuration file cannot be used.',
    help: 'It is a JSON object of option names and values; the evidence says where it breaks.',
  },
  'cli/file': {
    message: 'A file cannot be read or written.',
    help: 'Check the path and its permissions; the evidence has the reason.',
  },
  'cli/amount': {
    message: 'The amount cannot be used.',
    help: 'Write a decimal number above 0 such as 12.5, with no more digits after the point than the asset has.',
  },
  'cli/hex': {
    message: 'The text is not hexadecimal, or has the wrong length.',
    help: 'Ids and hashes have 64 of the digits 0-9 and a-f.',
  },
  'cli/account-name': {
    message: 'This cannot be the name of an account.',
    help: 'Use 1 to 32 of a-z, 0-9, hyphen and underscore, beginning with a letter; dev0 to dev9 are taken.',
  },
  'cli/account-exists': {
    message: 'There is already an account of this name.',
    help: 'Choose another name; nothing was changed.',
  },
  'cli/account-unknown': {
    message: 'There is no account of this name.',
    help: 'See "calin account list", or make it with "calin account create --name NAME".',
  },
  'cli/password-missing': {
    message: 'A password is needed, and there is no terminal to ask for it.',
    help: 'Give it in the environment variable CALIN_PASSWORD.',
  },
  'cli/password-mismatch': {
    message: 'The two passwords differ.',
    help: 'Type the same one twice; nothing was written.',
  },
  'cli/wrong-chain': {
    message: 'The node runs another chain than the data folder.',
    help: 'Give the data folder of that chain with --data, or the address of the right node with --rpc.',
  },
  'cli/chain-started': {
    message: 'The chain has started, so its genesis cannot be changed.',
    help: 'Send coins from an account that has some, as in "calin send --from dev0 --to NAME --amount 100".',
  },
  'cli/other-consensus': {
    message: 'The folder holds a chain that agrees in another way.',
    help: 'Begin a new one with --fresh, choose another folder, or leave --consensus out.',
  },
  'cli/not-dev': {
    message: 'The chain of this folder is not a development chain.',
    help: 'Run it with "calin node", or choose another folder with --data.',
  },
  'cli/not-authority': {
    message: 'The account is not an authority of this chain, so it cannot make blocks.',
    help: 'Name the account whose public key is in the genesis file, or leave --produce out.',
  },
  'cli/not-ours': {
    message: 'The folder holds something that Calin did not make.',
    help: 'Nothing was removed; choose another folder, or remove it yourself.',
  },
  'cli/scenario': {
    message: 'There is no such scenario.',
    help: 'See "calin sim --list" for the scenarios.',
  },
  'cli/invariant-broken': {
    message: 'An invariant of the simulated network was broken.',
    help: 'The same scenario, seed and number of nodes show it again; see "calin sim SCENARIO --seed N --log FILE".',
  },
  'cli/wallet-missing': {
    message: 'The keystore has no wallet.',
    help: 'Make one with "calin wallet create", or bring one back with "calin wallet restore".',
  },
  'cli/wallet-exists': {
    message: 'The keystore has a wallet already.',
    help: 'Nothing was changed; name another folder with --keystore.',
  },
  'cli/wallet-network': {
    message: 'The wallet is one of another network.',
    help: 'Name its keystore with --keystore, or its chain with --data.',
  },
  'cli/declined': {
    message: 'The transaction was not signed.',
    help: 'Nothing was sent. --yes signs without asking.',
  },
  'cli/not-found': {
    message: 'The node does not know it.',
    help: 'Check the id, and that the node follows the chain you mean.',
  },
  'cli/proof': {
    message: 'The node’s answer is not what its proof proves.',
    help: 'Do not believe this node; ask another one.',
  },
  'cli/not-included': {
    message: 'The transaction is in no block yet.',
    help: 'It was accepted and waits; look again with "calin tx TXID".',
    retry: true,
  },
  'cli/bug': {
    message: 'Calin made a mistake of its own and stopped.',
    help: 'Please report it with the command and the evidence; nothing that was confirmed is lost.',
  },
  'cli/cluster-timeout': {
    message: 'The nodes did not all reach the block in time.',
    help: 'The evidence says how far each one is; their logs lie in the folder of the cluster.',
  },
  'cli/cluster-node-lost': {
    message: 'A node of the cluster could not be kept running.',
    help: 'Its log in the folder of the cluster says why.',
  },
  'cli/interrupted': {
    message: 'The command was interrupted before it was done.',
    help: 'Everything was stopped in order; start it again.',
  },
  'cli/unsettled-folder': {
    message: 'The files of the running node changed too quickly to copy.',
    help: 'Try again, or stop the node first.',
    retry: true,
  },
});

/** Characters of a stack trace: where it began is at its start. */
const STACK_LENGTH_MAX = 2000;

/** The refusal for something that was thrown: a mistake of the program, since what others do wrong is returned. */
export function bugRefusal(thrown: unknown): Refusal {
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return refuseCli('cli/bug', { stack: stack.slice(0, STACK_LENGTH_MAX) }).error;
}
