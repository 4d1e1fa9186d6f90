import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import { verifyChain } from '@calin/core/chain/verify-chain.ts';
import { plainKernel } from '@calin/core/state/kernel.ts';
import { stateRoot } from '@calin/core/state/world-state.ts';
import type { Cluster } from '../cluster.ts';
import type { SimNode } from '../sim-node.ts';
import type { Checker, Report } from './checker.ts';

/** Choices for {@link EqualRoots}. */
export interface EqualRootsOptions {
  /** Nodes whose whole store is executed again from the genesis block, with every signature, sharing nothing. */
  readonly verifiedNodes: number;
}

/**
 * The state of every node is the one that the header of its head names; and some stores, executed from the beginning
 * without what nodes of a run share, lead to the same head.
 */
export class EqualRoots implements Checker {
  readonly invariant = 'equal roots';
  readonly #options: EqualRootsOptions;

  constructor(options: EqualRootsOptions) {
    this.#options = options;
  }

  finish(cluster: Cluster, report: Report): void {
    for (const node of cluster.running) {
      const chain = node.node?.chain;
      if (chain === undefined) continue;
      const root = stateRoot(chain.state);
      const named = chain.head.header.stateRoot;
      if (equalBytes(root, named)) continue;
      report('A state is not the one its head names.', {
        node: node.name,
        got: toHex(root),
        expected: toHex(named),
      });
    }
    const dice = cluster.world.dice('verified stores');
    for (const node of dice.shuffle(cluster.running).slice(0, this.#options.verifiedNodes)) {
      verifyStore(cluster, node, report);
    }
  }
}

function verifyStore({ world }: Cluster, { name, node, store }: SimNode, report: Report): void {
  const { spec, consensus } = world;
  const deps = { store, consensus, kernel: plainKernel };
  const checks = { verify: world.verify, verifySeal: world.verify };
  const verification = verifyChain({ spec }, { ...deps, ...checks });
  let step = verification.next();
  while (step.done !== true) step = verification.next();
  const verified = step.value;
  if (!verified.ok) return report('A store does not hold up.', { node: name, rule: verified.error.rule });
  const headId = node === undefined ? undefined : toHex(node.chain.head.id);
  if (headId === toHex(verified.value.headId)) return;
  report('A store has another head than its node.', { node: name, got: toHex(verified.value.headId) });
}
