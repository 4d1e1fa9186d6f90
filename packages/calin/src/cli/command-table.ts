import type { Command } from './command.ts';

/** Loads a command; only the one that is run is read from disk. */
type Load = () => Promise<{ readonly command: Command }>;

/** Every command by the words that call it, in the order of the help. */
export const COMMANDS: Readonly<Record<string, Load>> = {
  dev: () => import('./commands/dev.ts'),
  account: () => import('./commands/account.ts'),
  'account create': () => import('./commands/account-create.ts'),
  'account list': () => import('./commands/account-list.ts'),
  'account show': () => import('./commands/account-show.ts'),
  'account import': () => import('./commands/account-import.ts'),
  'account export': () => import('./commands/account-export.ts'),
  send: () => import('./commands/send.ts'),
  receive: () => import('./commands/receive.ts'),
  balance: () => import('./commands/balance.ts'),
  history: () => import('./commands/history.ts'),
  coins: () => import('./commands/coins.ts'),
  tx: () => import('./commands/tx.ts'),
  block: () => import('./commands/block.ts'),
  status: () => import('./commands/status.ts'),
  light: () => import('./commands/light.ts'),
  verify: () => import('./commands/verify.ts'),
  prune: () => import('./commands/prune.ts'),
  index: () => import('./commands/index.ts'),
  'index status': () => import('./commands/index-status.ts'),
  'index rebuild': () => import('./commands/index-rebuild.ts'),
  token: () => import('./commands/token.ts'),
  'token create': () => import('./commands/token-create.ts'),
  'token mint': () => import('./commands/token-mint.ts'),
  'token burn': () => import('./commands/token-burn.ts'),
  'token show': () => import('./commands/token-show.ts'),
  stake: () => import('./commands/stake.ts'),
  'stake bond': () => import('./commands/stake-bond.ts'),
  'stake delegate': () => import('./commands/stake-delegate.ts'),
  'stake unbond': () => import('./commands/stake-unbond.ts'),
  'stake redelegate': () => import('./commands/stake-redelegate.ts'),
  'stake withdraw': () => import('./commands/stake-withdraw.ts'),
  'stake edit': () => import('./commands/stake-edit.ts'),
  'stake unjail': () => import('./commands/stake-unjail.ts'),
  'stake show': () => import('./commands/stake-show.ts'),
  validators: () => import('./commands/validators.ts'),
  lock: () => import('./commands/lock.ts'),
  'lock multisig': () => import('./commands/lock-multisig.ts'),
  'lock timelock': () => import('./commands/lock-timelock.ts'),
  'lock htlc': () => import('./commands/lock-htlc.ts'),
  'lock recoverable': () => import('./commands/lock-recoverable.ts'),
  'lock import': () => import('./commands/lock-import.ts'),
  'lock list': () => import('./commands/lock-list.ts'),
  'lock show': () => import('./commands/lock-show.ts'),
  partial: () => import('./commands/partial.ts'),
  'partial create': () => import('./commands/partial-create.ts'),
  'partial show': () => import('./commands/partial-show.ts'),
  'partial sign': () => import('./commands/partial-sign.ts'),
  'partial join': () => import('./commands/partial-join.ts'),
  'partial send': () => import('./commands/partial-send.ts'),
  notarise: () => import('./commands/notarise.ts'),
  message: () => import('./commands/message.ts'),
  'message sign': () => import('./commands/message-sign.ts'),
  'message verify': () => import('./commands/message-verify.ts'),
  faucet: () => import('./commands/faucet.ts'),
  mine: () => import('./commands/mine.ts'),
  sim: () => import('./commands/sim.ts'),
  'sim compare': () => import('./commands/sim-compare.ts'),
  'sim sweep': () => import('./commands/sim-sweep.ts'),
  'sim study': () => import('./commands/sim-study.ts'),
  init: () => import('./commands/init.ts'),
  node: () => import('./commands/node.ts'),
  line: () => import('./commands/line.ts'),
  peers: () => import('./commands/peers.ts'),
  ban: () => import('./commands/ban.ts'),
  unban: () => import('./commands/unban.ts'),
  key: () => import('./commands/key.ts'),
  'key create': () => import('./commands/key-create.ts'),
  'key list': () => import('./commands/key-list.ts'),
  'key revoke': () => import('./commands/key-revoke.ts'),
  cluster: () => import('./commands/cluster.ts'),
};

/** The commands with these names, loaded; all when no names are given. */
export async function loadCommands(names = Object.keys(COMMANDS)): Promise<readonly Command[]> {
  const loaded = await Promise.all(names.map((name) => COMMANDS[name]?.()));
  return loaded.flatMap((module) => module?.command ?? []);
}

/** Names of the commands below a group, such as `account create` below `account`. */
export function namesBelow(group: string): string[] {
  return Object.keys(COMMANDS).filter((name) => name.startsWith(`${group} `));
}
