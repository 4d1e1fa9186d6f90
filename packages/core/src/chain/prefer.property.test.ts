import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareBytes, toHex } from '../base/bytes.ts';
import { type SeededRandom, seededRandom } from '../base/fuzz.testing.ts';
import type { Result } from '../base/result.ts';
import type { History } from '../ledger/testing/history.testing.ts';
import { type Block, createBlock } from '../primitives/block.ts';
import { stateRoot } from '../state/world-state.ts';
import {
  blankHistory,
  specOfVotes,
  spoiled,
  storeOf,
  TEST_NOW_MS,
  TestChain,
  type TestChainOptions,
  testMapKernel,
} from './chain.testing.ts';

const spec = specOfVotes();

/** A block of the forest, and whether executing it and all before it would work. */
interface Tree {
  readonly block: Block;
  readonly name: string;
  readonly parent: string;
  readonly isValid: boolean;
}

const nameOf = ({ id }: Pick<Block, 'id'>) => toHex(id);

/** Branches that fork off one another, some of them with a block that breaks a rule and others after it. */
function forest(): readonly Tree[] {
  const trees: Tree[] = [];
  const push = (block: Block, isValid: boolean) => {
    trees.push({ block, name: nameOf(block), parent: toHex(block.header.parent), isValid });
  };
  const take = (history: History, from: number) => {
    for (const { block } of history.blocks.slice(from)) push(block, true);
  };
  const grow = (history: History, blocks: number) => {
    for (let i = 0; i < blocks; i++) history.grow(1);
    return history;
  };
  const trunk = grow(blankHistory(61, spec), 7);
  take(trunk, 0);
  for (const [fork, blocks, seed] of [
    [1, 7, 62],
    [3, 3, 63],
    [4, 4, 64],
    [6, 2, 65],
  ] as const) {
    const branch = grow(trunk.fork(fork, seed), blocks);
    take(branch, fork);
    const bad = spoiled(grow(branch.fork(fork + 1, 100 + seed), 1).head);
    push(bad, false);
    const { header, transactions } = grow(branch.fork(fork + 2, 200 + seed), 1).head;
    push(createBlock({ ...header, parent: bad.id }, transactions), false);
  }
  return trees;
}

const trees = forest();
const byName = new Map(trees.map((tree) => [tree.name, tree]));
const genesis = nameOf(blankHistory(61, spec).genesis);
const heightOf = (name: string) => byName.get(name)?.block.header.height ?? 0;

/** What the chain should do, said as simply as can be: lists of names, looked through from end to end. */
class Model {
  /** Everything that is kept from the last final block on. */
  known = new Set([genesis]);
  condemned = new Set<string>();
  final = genesis;
  head = genesis;
  anchor: string | undefined;
  readonly certificates = new Map<number, number>();

  path(name: string): readonly string[] {
    const path: string[] = [];
    for (let at: string | undefined = name; at !== undefined; at = byName.get(at)?.parent) path.push(at);
    return path;
  }

  descends(name: string, from: string): boolean {
    return this.path(name).includes(from);
  }

  isBetter(name: string, than: string): boolean {
    const [a, b] = [heightOf(name), heightOf(than)];
    return a === b ? name < than : a > b;
  }

  drop(isDropped: (name: string) => boolean): void {
    this.known = new Set([...this.known].filter((name) => !isDropped(name)));
  }

  /** Executes all up to a block; false when something of it is invalid, which goes then. */
  execute(name: string): boolean {
    const bad = this.path(name)
      .toReversed()
      .find((one) => byName.get(one)?.isValid === false);
    if (bad === undefined) return true;
    for (const one of this.known) if (this.descends(one, bad)) this.condemned.add(one);
    this.drop((one) => this.descends(one, bad));
    return false;
  }

  canImport({ name, parent }: Tree): boolean {
    return !this.known.has(name) && this.known.has(parent) && !this.condemned.has(parent);
  }

  import({ name }: Tree): boolean {
    if (this.condemned.has(name)) return false;
    this.known.add(name);
    const anchor = this.anchor !== undefined && this.known.has(this.anchor) ? this.anchor : this.final;
    if (!this.descends(name, anchor) || !this.isBetter(name, this.head)) return true;
    if (!this.execute(name)) return false;
    this.head = name;
    return true;
  }

  choose(from: string): boolean {
    while (this.known.has(from)) {
      const [best = from] = [...this.known]
        .filter((name) => this.descends(name, from))
        .toSorted((a, b) => (this.isBetter(a, b) ? -1 : 1));
      if (!this.execute(best)) continue;
      this.head = best;
      return true;
    }
    return false;
  }

  prefer(name: string): boolean {
    if (!this.known.has(name)) return this.descends(this.final, name);
    if (!this.choose(name)) return false;
    this.anchor = name;
    return true;
  }

  finalise(name: string, certificate: number): boolean {
    if (!this.known.has(name)) return this.descends(this.final, name);
    if (name === this.final) return true;
    const isAhead =
      this.anchor !== undefined && this.known.has(this.anchor) && this.descends(this.anchor, name);
    if (!isAhead && !this.choose(name)) return false;
    if (!isAhead) this.anchor = name;
    this.final = name;
    this.drop((one) => !this.descends(one, name));
    this.certificates.set(heightOf(name), certificate);
    return true;
  }
}

/** A chain and its model, which are given the same to do. */
class Pair {
  readonly model = new Model();
  test: TestChain;
  readonly moments: { readonly batches: number; readonly summary: object; readonly certificate: unknown }[] =
    [];
  readonly #random: SeededRandom;
  readonly #options: TestChainOptions;

  constructor(seed: number, options: TestChainOptions) {
    this.#random = seededRandom(seed);
    this.#options = options;
    this.test = new TestChain(options);
  }

  /** Does something, and compares. */
  step(): void {
    const dice = this.#random.below(20);
    if (dice < 11) this.#import();
    else if (dice < 14)
      this.#same(
        'prefer',
        (id) => this.test.chain.prefer(id),
        (name) => this.model.prefer(name),
      );
    else if (dice < 15) this.#finalise();
    else if (dice < 18)
      this.#same(
        'execute',
        (id) => this.test.chain.execute(id),
        (name) => this.#execute(name),
      );
    else if (dice === 18) this.#reopen();
    this.#compare();
  }

  #import(): void {
    const able = trees.filter((tree) => this.model.canImport(tree));
    if (able.length === 0) return;
    const tree = able[this.#random.below(able.length)] as Tree;
    const imported = this.test.try(tree.block, TEST_NOW_MS);
    assert.equal(imported.ok, this.model.import(tree), `import of ${heightOf(tree.name)}`);
  }

  #finalise(): void {
    const certificate = this.#random.below(256);
    this.#same(
      'finalise',
      (id) => this.test.chain.finalise(id, Uint8Array.of(certificate)),
      (name) => this.model.finalise(name, certificate),
    );
  }

  #execute(name: string): boolean {
    return this.model.known.has(name)
      ? this.model.execute(name)
      : this.model.descends(this.model.final, name);
  }

  #same(
    what: string,
    real: (id: Uint8Array) => Result<undefined | { readonly batch: TestChain['batches'][number] }>,
    expected: (name: string) => boolean,
  ): void {
    const { name, block } = this.#pick();
    const done = real(block.id);
    assert.equal(
      done.ok,
      expected(name),
      `${what} of ${block.header.height}: ${done.ok ? '' : done.error.rule}`,
    );
    if (done.ok && done.value !== undefined) this.test.commit(done.value.batch);
  }

  /** Most of the time one that is here. */
  #pick(): Tree {
    const here = trees.filter(({ name }) => this.model.known.has(name));
    const some = here.length === 0 || this.#random.below(4) === 0 ? trees : here;
    return some[this.#random.below(some.length)] as Tree;
  }

  /** What was only in memory is gone: what is preferred, and the ids of invalid blocks, which may come back. */
  #reopen(): void {
    const { model, test } = this;
    this.test = test.reopen();
    this.test.batches.unshift(...test.batches);
    model.anchor = undefined;
    model.condemned.clear();
    for (const { name, block, isValid } of trees) {
      if (!isValid && this.test.chain.node(block.id) !== undefined) model.known.add(name);
    }
  }

  #compare(): void {
    const { model } = this;
    const { chain } = this.test;
    assert.equal(nameOf(chain.head), model.head, 'head');
    assert.equal(nameOf(chain.final), model.final, 'final');
    const here = trees.filter(({ block }) => chain.node(block.id) !== undefined).map(({ name }) => name);
    const known = trees.filter(({ name }) => model.known.has(name)).map(({ name }) => name);
    assert.deepEqual(here, known, 'blocks');
    for (const [height, certificate] of model.certificates) {
      assert.deepEqual(chain.certificate(height), Uint8Array.of(certificate));
    }
    const { header } = byName.get(model.head)?.block ?? blankHistory(61, spec).genesis;
    assert.equal(compareBytes(stateRoot(chain.state), header.stateRoot), 0, 'state');
    const batches = this.test.batches.length;
    this.moments.push({ batches, summary: this.test.summary, certificate: chain.lastCertificate });
  }

  /** Whatever batch was the last one before a power cut, the chain is where it was after that. */
  cut(): void {
    for (const [i, { batches, summary, certificate }] of this.moments.entries()) {
      if (this.moments[i + 1]?.batches === batches) continue;
      const survivor = new TestChain(this.#options, storeOf(this.test.batches.slice(0, batches)));
      assert.deepEqual(survivor.summary, summary);
      assert.deepEqual(survivor.chain.lastCertificate, certificate);
    }
  }
}

describe('a chain whose head votes may move does what a simple model does', () => {
  const settings: readonly (readonly [string, TestChainOptions])[] = [
    ['as nodes do', {}],
    ['without any state in memory', { limits: { recentStatesMax: 0 }, checkpointBlocks: 2 }],
    ['with coins in a map', { kernel: testMapKernel, checkpointBlocks: 3 }],
  ];
  for (const [name, options] of settings) {
    it(name, () => {
      let finals = 0;
      for (let seed = 0; seed < 24; seed++) {
        const pair = new Pair(seed, { spec, ...options });
        for (let i = 0; i < 80; i++) pair.step();
        if (seed % 6 === 0) pair.cut();
        finals += pair.model.certificates.size;
      }
      assert.ok(finals > 24, `only ${finals} blocks were made final`);
    });
  }
});
