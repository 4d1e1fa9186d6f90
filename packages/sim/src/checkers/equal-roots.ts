import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import { verifyChain } from '@calin/core/chain/verify-chain.ts';
import { plainKernel } from '@calin/core/state/kernel.ts';
import { stateRoot } from '@calin/core/state/world-state.ts';
import type { Cluster } from '../cluster.ts';
import type { SimNode } from '../sim-node.ts';
import { type Checker, type Finding, inOrder, type Moment, type Report } from './checker.ts';

/** Choices for {@link EqualRoots}. */
export interface EqualRootsOptions {
  /** Nodes whose whole store is executed again from the genesis block, with every signature, sharing nothing. */
  readonly verifiedNodes: number;
}

/**
 * The state of every node is the one that the header of its head names; and some stores, executed from the beginning
 * without what nodes of a run share, lead to the same head.
 */
export class EqualRoots implements Checker<RootsSeen> {
  readonly invariant = 'equal roots';
  readonly #options: EqualRootsOptions;

  constructor(options: EqualRootsOptions) {
    this.#options = options;
  }

  look(cluster: Cluster, moment: Moment): RootsSeen | undefined {
    if (moment === 'watch') return undefined;
    const states = cluster.runningHere.flatMap(checkState);
    const dice = cluster.world.dice('verified stores');
    const chosen = dice.shuffle(cluster.running).slice(0, this.#options.verifiedNodes);
    const stores = chosen.filter(({ isHere }) => isHere).flatMap((node) => verifyStore(cluster, node));
    return { states, stores };
  }

  judge(sights: readonly RootsSeen[], _moment: Moment, report: Report): void {
    for (const part of ['states', 'stores'] as const) {
      for (const { message, evidence } of inOrder(sights.map((sight) => sight[part])))
        report(message, evidence);
    }
  }
}

/** What one part of a run has found wrong with states and with stores. */
interface RootsSeen {
  readonly states: readonly Finding[];
  readonly stores: readonly Finding[];
}

function checkState({ name, number, node }: SimNode): readonly Finding[] {
  if (node === undefined) return [];
  const { chain } = node;
  const root = stateRoot(chain.state);
  const named = chain.head.header.stateRoot;
  if (equalBytes(root, named)) return [];
  const evidence = { node: name, got: toHex(root), expected: toHex(named) };
  return [{ machine: number, message: 'A state is not the one its head names.', evidence }];
}

function verifyStore({ world }: Cluster, { name, number, node, store }: SimNode): readonly Finding[] {
  const { spec, consensus } = world;
  const deps = { store, consensus, kernel: plainKernel };
  const checks = { verify: world.signatures.verify, verifySeal: world.signatures.verify };
  const verification = verifyChain({ spec }, { ...deps, ...checks });
  let step = verification.next();
  while (step.done !== true) step = verification.next();
  const verified = step.value;
  const found = (message: string, evidence: Finding['evidence']) => {
    return [{ machine: number, message, evidence: { node: name, ...evidence } }];
  };
  if (!verified.ok) return found('A store does not hold up.', { rule: verified.error.rule });
  const got = toHex(verified.value.headId);
  if (node !== undefined && toHex(node.chain.head.id) === got) return [];
  return found('A store has another head than its node.', { got });
}
