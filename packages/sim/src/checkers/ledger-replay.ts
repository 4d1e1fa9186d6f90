import { toHex } from '@calin/core/base/bytes.ts';
import { bytesKey } from '@calin/core/base/bytes-key.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import { nativeFlow } from '@calin/core/ledger/actions/native-flow.ts';
import { parseAction } from '@calin/core/ledger/actions/registry.ts';
import { stakedHugs } from '@calin/core/ledger/stake/staked.ts';
import { readSupply } from '@calin/core/ledger/supply.ts';
import type { Outpoint } from '@calin/core/primitives/outpoint.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import type { Transaction } from '@calin/core/primitives/transaction.ts';
import { specHash } from '@calin/core/spec/chain-spec.ts';
import { viewOf } from '@calin/core/state/view.ts';
import { stateCoins } from '@calin/core/state/world-state.ts';
import type { Cluster } from '../cluster.ts';
import { type Checker, type Finding, inOrder, type Moment, type Report } from './checker.ts';

/**
 * A second ledger, far simpler than the first: a list of coins by outpoint, and sums. It follows the whole branch of
 * each head that honest nodes have, and finds a coin that is spent twice, hugs that come from nothing, and a state
 * that holds something else than what the blocks say.
 */
export class LedgerReplay implements Checker<readonly Replayed[]> {
  readonly invariant = 'supply and no double spend';

  look(cluster: Cluster, moment: Moment): readonly Replayed[] | undefined {
    if (moment === 'watch') return undefined;
    const heads = new Map<string, Replayed>();
    for (const { name, number, node } of cluster.runningHere) {
      const chain = node?.chain;
      if (chain === undefined || heads.has(toHex(chain.head.id))) continue;
      const head = toHex(chain.head.id);
      const findings: Finding[] = [];
      heads.set(head, { machine: number, head, findings });
      const note: Report = (message, evidence) => {
        if (findings.length === FINDINGS_MAX) return;
        findings.push({ machine: number, message, evidence: { node: name, ...evidence } });
      };
      const coins = replay(cluster, chain, note);
      if (coins !== undefined) compareState(chain, coins, note);
    }
    return [...heads.values()];
  }

  judge(sights: readonly (readonly Replayed[])[], _moment: Moment, report: Report): void {
    const judged = new Set<string>();
    for (const { head, findings } of inOrder(sights)) {
      if (judged.has(head)) continue;
      judged.add(head);
      for (const { message, evidence } of findings) report(message, evidence);
    }
  }
}

/** What was wrong with one branch, and the first machine that has it. */
interface Replayed {
  readonly machine: number;
  /** The id of its head, as hex. */
  readonly head: string;
  readonly findings: readonly Finding[];
}

/** Findings of one branch that are kept: the first ones say what is wrong. */
const FINDINGS_MAX = 100;

type Coins = Map<string, number>;

function nameOf({ txid, index }: Outpoint): string {
  return `${bytesKey(txid)}${index}`;
}

function replay({ world }: Cluster, chain: Chain, report: Report): Coins | undefined {
  const coins: Coins = new Map();
  const origin = specHash(world.spec);
  world.spec.allocations.forEach(({ amount }, index) => {
    coins.set(nameOf({ txid: origin, index }), amount);
  });
  for (let height = 1; height <= chain.head.height; height++) {
    const id = chain.idAt(height);
    const block = id === undefined ? undefined : chain.block(id);
    if (block?.ok !== true) {
      report('A block of the best branch is not there.', { height });
      return undefined;
    }
    const [reward, ...others] = block.value.transactions;
    let fees = 0;
    for (const transaction of others) fees += spend(coins, transaction, height, report);
    const made = reward === undefined ? 0 : create(coins, reward);
    const { reward: most } = world.spec.economy;
    const claims = reward === undefined ? 0 : moved(reward);
    if (made > most + fees + claims)
      report('A block pays its maker too much.', { height, made, most, fees, claims });
  }
  return coins;
}

/** Moves the coins of one transfer; what it leaves for the maker of the block. */
function spend(coins: Coins, transaction: Transaction, height: number, report: Report): number {
  let spent = 0;
  for (const input of transaction.inputs) {
    const name = nameOf(input);
    const amount = coins.get(name);
    if (amount === undefined) {
      const coin = `${toHex(input.txid)}:${input.index}`;
      report('A coin was spent that is not there, or not any more.', { height, coin });
      continue;
    }
    coins.delete(name);
    spent += amount;
  }
  const left = spent + moved(transaction) - create(coins, transaction);
  if (left < 0)
    report('A transfer pays more than it spends.', { height, txid: toHex(transaction.txid), left });
  return left;
}

/** What the actions of a transaction bring into its native coins, less what they take out. */
function moved({ actions }: Transaction): number {
  let sum = 0;
  for (const action of actions) {
    const parsed = parseAction(action);
    const { takes, brings } = parsed.ok ? nativeFlow(parsed.value) : { takes: 0, brings: 0 };
    sum += brings - takes;
  }
  return sum;
}

/** Adds what a transaction creates; the sum. */
function create(coins: Coins, { txid, outputs }: Transaction): number {
  let sum = 0;
  outputs.forEach(({ asset, amount }, index) => {
    if (asset !== NATIVE_ASSET) return;
    coins.set(nameOf({ txid, index }), amount);
    sum += amount;
  });
  return sum;
}

function compareState(chain: Chain, coins: Coins, report: Report): void {
  let [count, total] = [0, 0];
  for (const { coin } of stateCoins(chain.state)) {
    count += 1;
    total += coin.amount;
  }
  let expected = 0;
  for (const amount of coins.values()) expected += amount;
  const { issued, burned } = readSupply(viewOf(chain.state));
  if (count !== coins.size)
    report('The state has other coins than its blocks.', { count, expected: coins.size });
  if (total !== expected) report('The coins of the state are worth something else.', { total, expected });
  const staked = stakedHugs(chain.state);
  if (total + staked !== issued - burned)
    report('The supply is not what coins and stake come to.', { total, staked, issued, burned });
}
