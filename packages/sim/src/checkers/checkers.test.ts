import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ok } from '@calin/core/base/result.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import { type Block, createBlock } from '@calin/core/primitives/block.ts';
import type { Cluster } from '../cluster.ts';
import { runScenario } from '../run.ts';
import { poa } from '../scenarios/poa.ts';
import type { Stage } from '../scenarios/scenario.ts';
import type { Checker, Moment, Violation } from './checker.ts';
import { EqualRoots } from './equal-roots.ts';
import { FinalBlocks } from './final-blocks.ts';
import { LedgerReplay } from './ledger-replay.ts';
import { Inclusion, Liveness } from './liveness.ts';
import { NoHonestBans } from './no-honest-bans.ts';
import { ThrownOut } from './thrown-out.ts';

/** Everything that a checker says about a cluster, as sentences. */
function said(checker: Checker, cluster: Cluster): string[] {
  const sentences: string[] = [];
  for (const moment of ['watch', 'finish'] as const) {
    const sight = checker.look(cluster, moment);
    if (sight !== undefined) checker.judge([sight], moment, (message) => sentences.push(message));
  }
  return sentences;
}

/** The same cluster with one node whose chain says something else. */
function withChain(
  cluster: Cluster,
  change: (chain: Chain) => Partial<Record<keyof Chain, unknown>>,
): Cluster {
  const nodes = cluster.nodes.map((sim) => {
    const chain = sim.node?.chain as Chain;
    const changed = new Proxy(chain, {
      get: (target, name: keyof Chain) => {
        const own = change(target)[name];
        if (own !== undefined) return own;
        const value = target[name];
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    return { name: sim.name, number: sim.number, isHere: true, store: sim.store, node: { chain: changed } };
  });
  return clusterOf(cluster, nodes);
}

/** The same cluster with other nodes. */
function clusterOf({ world }: Cluster, nodes: readonly unknown[], honest = nodes): Cluster {
  const running = nodes;
  return {
    world,
    nodes,
    running,
    runningHere: running,
    honest,
    honestHere: honest,
  } as unknown as Cluster;
}

/** A chain of which one block has other transactions. */
function withBlock(cluster: Cluster, height: number, change: (block: Block) => Block): Cluster {
  return withChain(cluster, (chain) => ({
    block: (id: Uint8Array) => {
      const found = chain.block(id);
      return found.ok && found.value.header.height === height ? ok(change(found.value)) : found;
    },
  }));
}

describe('checkers', () => {
  let stage: Stage;
  let cluster: Cluster;
  /** The height of a block with a transfer. */
  let height = 0;

  before(() => {
    const run = runScenario(poa, { seed: 5, nodes: 1, durationS: 300 });
    let step = run.next();
    while (step.done !== true) step = run.next();
    ({ stage } = step.value);
    ({ cluster } = stage);
    assert.deepEqual(step.value.report.violations, []);
    const chain = cluster.node(0).node?.chain as Chain;
    for (let at = 1; height === 0 && at <= chain.head.height; at++) {
      const block = chain.block(chain.idAt(at) as Uint8Array);
      if (block.ok && block.value.transactions.length > 1) height = at;
    }
    assert.ok(height > 0, 'a block with a transfer');
  });

  it('see nothing wrong where nothing is', () => {
    const roots = new EqualRoots({ verifiedNodes: 1 });
    for (const checker of [new FinalBlocks(), new LedgerReplay(), roots, new NoHonestBans()]) {
      assert.deepEqual(said(checker, cluster), [], checker.invariant);
    }
  });

  it('find a ban of a node that follows the protocol, and none of a stranger', () => {
    const { node, clock, name } = cluster.node(0);
    for (const target of ['stranger', name]) node?.p2p?.ban(target, 60_000, clock.nowMs());
    assert.deepEqual(said(new NoHonestBans(), cluster), ['A node has banned one that follows the protocol.']);
    node?.p2p?.connections.unban(name, clock.nowMs());
    assert.deepEqual(said(new NoHonestBans(), cluster), []);
  });

  it('find a coin that is spent twice', () => {
    const twice = withBlock(cluster, height, ({ header, transactions }) =>
      createBlock(header, [...transactions, transactions[1] as (typeof transactions)[number]]),
    );
    const sentences = said(new LedgerReplay(), twice);
    assert.ok(sentences.includes('A coin was spent that is not there, or not any more.'), sentences.join());
  });

  it('find a maker of blocks that pays itself too much, and a state that does not follow from its blocks', () => {
    const paid = withBlock(cluster, height, ({ header, transactions: [reward, ...others] }) => {
      assert.ok(reward !== undefined);
      const outputs = reward.outputs.map((output) => ({ ...output, amount: (output.amount + 1e6) as never }));
      return createBlock(header, [{ ...reward, outputs }, ...others]);
    });
    const sentences = said(new LedgerReplay(), paid);
    assert.ok(sentences.includes('A block pays its maker too much.'), sentences.join());
    assert.ok(sentences.includes('The coins of the state are worth something else.'), sentences.join());
  });

  it('find hugs that come from nothing', () => {
    const made = withBlock(cluster, height, ({ header, transactions: [reward, transfer, ...others] }) => {
      assert.ok(reward !== undefined && transfer !== undefined);
      const outputs = transfer.outputs.map((output) => ({ ...output, amount: (2 * output.amount) as never }));
      return createBlock(header, [reward, { ...transfer, outputs }, ...others]);
    });
    assert.ok(said(new LedgerReplay(), made).includes('A transfer pays more than it spends.'));
  });

  it('find a block that is not there', () => {
    const gone = withChain(cluster, (chain) => ({
      idAt: (at: number) => (at === height ? undefined : chain.idAt(at)),
    }));
    assert.deepEqual(said(new LedgerReplay(), gone), ['A block of the best branch is not there.']);
  });

  it('find a state that is not the one its head names, and a store with another head', () => {
    const chain = cluster.node(0).node?.chain as Chain;
    const old = withChain(cluster, () => ({ state: chain.stateAt(chain.head.height - 1) }));
    assert.deepEqual(said(new EqualRoots({ verifiedNodes: 0 }), old), [
      'A state is not the one its head names.',
    ]);
    const lower = chain.node(chain.idAt(chain.head.height - 1) as Uint8Array);
    const behind = withChain(cluster, () => ({ head: lower, state: chain.stateAt(chain.head.height - 1) }));
    assert.deepEqual(said(new EqualRoots({ verifiedNodes: 1 }), behind), [
      'A store has another head than its node.',
    ]);
  });

  it('find a store that does not hold up', () => {
    const { store } = cluster.node(0);
    const chain = cluster.node(0).node?.chain as Chain;
    const key = chain.layout.block(chain.idAt(height) as Uint8Array);
    const bytes = (store.get(key) as Uint8Array).slice();
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
    const spoiled = { get: (name: Uint8Array) => (name.join() === key.join() ? bytes : store.get(name)) };
    const node = { ...withChain(cluster, () => ({})).nodes[0], store: spoiled };
    const other = clusterOf(cluster, [node]);
    assert.deepEqual(said(new EqualRoots({ verifiedNodes: 1 }), other), ['A store does not hold up.']);
  });

  it('find two nodes with other final blocks, whichever was first, and one that changes its mind', () => {
    const checker = new FinalBlocks();
    assert.deepEqual(said(checker, cluster), []);
    const other = withChain(cluster, (chain) => ({
      idAt: (at: number) => (at === 3 ? new Uint8Array(32) : chain.idAt(at)),
    }));
    assert.deepEqual(
      [...new Set(said(checker, other))],
      ['Two nodes have another final block at one height.'],
    );
  });

  it('find a chain that stands still, a node that is behind and a machine that is off', () => {
    const options = { healedUs: 0, blocksMin: 1_000, spreadMax: 0 };
    assert.deepEqual(said(new Liveness(options), cluster), ['The chain stands still.']);
    const [node] = cluster.nodes;
    const behind = { name: 'behind', number: 2, node: { chain: { head: { height: 1 } } } };
    const honest = [node, behind, { name: 'off', number: 3, node: undefined }];
    const late = clusterOf(cluster, [node, behind], honest);
    const sentences = said(new Liveness({ ...options, blocksMin: 0 }), late);
    assert.deepEqual(sentences, ['A node is left behind.', 'A machine is still off.']);
  });

  it('find an attacker who is still among the peers', () => {
    const attackers = [{ name: 'x0' }, { name: 'x1' }];
    const node = (...peers: string[]) => ({
      clock: { nowMs: () => 40_000 },
      node: { p2p: { peers: new Map(peers.map((name) => [name, { connectedMs: 10_000 }])) } },
    });
    const among = (...running: unknown[]) => clusterOf(cluster, running);
    const sentence = 'An attacker is still among the peers.';
    const old = new ThrownOut(attackers, 0);
    assert.deepEqual(said(old, among(node('n1'), node())), []);
    assert.deepEqual(said(old, among(node('n1'), node('x1'))), [sentence]);
    // Soon after the attack began one may be there, but not for long.
    const fresh = new ThrownOut(attackers, cluster.world.clock.nowUs);
    assert.deepEqual(said(fresh, among(node('n1'), node('x1'))), []);
    const lasting = { ...node('x1'), clock: { nowMs: () => 40_001 } };
    assert.deepEqual(said(fresh, among(node('n1'), lasting)), [sentence, sentence]);
  });

  it('find transfers that never came into a block', () => {
    const { workload } = stage;
    assert.ok(workload !== undefined && workload.accepted.size > 10);
    assert.deepEqual(said(new Inclusion(workload, 100), cluster), []);
    const lost = { ...workload, accepted: new Set([...workload.accepted, 'a', 'b', 'c']) };
    const sentence = 'Transfers that were taken never came into a block.';
    assert.deepEqual(said(new Inclusion(lost as never, 100), cluster), [sentence]);
    assert.deepEqual(said(new Inclusion(lost as never, 50), cluster), []);
  });
});

describe('checkers of a divided run', () => {
  const judged = (checker: Checker, sights: readonly unknown[], moment: Moment = 'finish') => {
    const found: (readonly [string, Violation['evidence']])[] = [];
    checker.judge(sights, moment, (message, evidence) => found.push([message, evidence]));
    return found;
  };

  it('find a final block of one part that another part has not, once, by whoever was first', () => {
    const claim = (machine: number, id: string) => ({ machine, node: `n${machine}`, height: 3, id });
    const checker = new FinalBlocks();
    assert.deepEqual(judged(checker, [[claim(5, 'a')], [claim(2, 'a')]], 'watch'), []);
    const evidence = { height: 3, node: 'n4', id: 'b', other: 'n2', otherId: 'a' };
    const sights = [[claim(9, 'b')], [claim(4, 'b')]];
    assert.deepEqual(judged(checker, sights, 'watch'), [
      ['Two nodes have another final block at one height.', evidence],
    ]);
    assert.deepEqual(judged(checker, sights), []);
  });

  it('find a part that is behind the others, and one that grows no more', () => {
    const nodes = (machine: number, height: number) => [{ machine, name: `n${machine}`, height }];
    const checker = new Liveness({ healedUs: 0, blocksMin: 5, spreadMax: 1 });
    assert.deepEqual(
      judged(
        checker,
        [
          { highest: 7, nodes: [] },
          { highest: 9, nodes: [] },
        ],
        'watch',
      ),
      [],
    );
    const sights = [
      { highest: 10, nodes: nodes(2, 10) },
      { highest: 13, nodes: nodes(1, 13) },
    ];
    assert.deepEqual(judged(checker, sights), [
      ['The chain stands still.', { grown: 4, expected: 5 }],
      ['A node is left behind.', { node: 'n2', height: 10, head: 13 }],
    ]);
  });

  it('name what is wrong with one branch once, and with states in the order of machines', () => {
    const finding = (machine: number) => ({ machine, message: 'wrong', evidence: { node: `n${machine}` } });
    const replayed = (machine: number) => [{ machine, head: 'h', findings: [finding(machine)] }];
    assert.deepEqual(judged(new LedgerReplay(), [replayed(7), replayed(3)]), [['wrong', { node: 'n3' }]]);
    const sights = [
      { states: [finding(8)], stores: [finding(1)] },
      { states: [finding(6)], stores: [] },
    ];
    const roots = judged(new EqualRoots({ verifiedNodes: 1 }), sights);
    assert.deepEqual(
      roots.map(([, { node }]) => node),
      ['n6', 'n8', 'n1'],
    );
  });

  it('find transfers of any part in the blocks that one of them shows, and attackers among the peers of any', () => {
    const inclusion = new Inclusion({ accepted: new Set() } as never, 100);
    const seen = [
      { accepted: ['a'], included: undefined },
      { accepted: ['b', 'c'], included: new Set(['a', 'b']) },
    ];
    const [[, evidence] = []] = judged(inclusion, seen);
    assert.deepEqual(evidence, { missing: 1, of: 3 });
    const thrownOut = new ThrownOut([{ name: 'x0' }, { name: 'x1' }], 0);
    assert.deepEqual(
      judged(thrownOut, [
        [0, 1],
        [0, 2],
      ]),
      [['An attacker is still among the peers.', { attacker: 'x1', of: 3 }]],
    );
  });
});
