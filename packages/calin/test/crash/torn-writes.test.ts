import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { toHex } from '@calin/core/base/bytes.ts';
import { type SeededRandom, seededRandom } from '@calin/core/base/fuzz.testing.ts';
import type { Refusal, Result } from '@calin/core/base/result.ts';
import { stateRoot } from '@calin/core/state/world-state.ts';
import { mustOpen, temporaryFolder } from '../../src/adapters/level-store.testing.ts';
import { openLevelStore } from '../../src/adapters/open-level-store.ts';
import { StoreCorruption } from '../../src/adapters/store-corruption.ts';
import { openCrashChain, verifyCrashChain } from './crash-chain.testing.ts';
import { runCrashes } from './crash-run.testing.ts';

const CASES = 60;

/** What a damaged copy came to: a chain that a replay confirms, or the refusal that a person is shown. */
type Outcome = { readonly height: number; readonly id: string; readonly root: string } | Refusal;

const DAMAGES: Readonly<Record<string, (bytes: Buffer, at: number, random: SeededRandom) => Buffer>> = {
  'cut off': (bytes, at) => bytes.subarray(0, at),
  'one bit flipped': (bytes, at, random) => {
    bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
    return bytes;
  },
  // What a disk leaves that had promised a sector and not written it.
  'a sector of zeros': (bytes, at) => bytes.fill(0, at & ~511, Math.min((at & ~511) + 512, bytes.length)),
  'the end as zeros': (bytes, at) => bytes.fill(0, at),
};

/** Opens a store and its chain as a node does, then replays everything from genesis. */
async function outcomeOf(folder: string, recover: boolean): Promise<Outcome> {
  const opened = await openLevelStore({ folder, recover });
  if (!opened.ok) return opened.error;
  const { store } = opened.value;
  try {
    const chain = openCrashChain(store);
    if (!chain.ok) return chain.error;
    const verified: Result<unknown> = verifyCrashChain(store);
    if (!verified.ok) return verified.error;
    const { head, state } = chain.value.chain;
    assert.equal(toHex(stateRoot(state)), toHex(head.header.stateRoot), 'the state is that of the head');
    return { height: head.height, id: toHex(head.id), root: toHex(stateRoot(state)) };
  } catch (error) {
    if (error instanceof StoreCorruption) return error.refusal;
    throw error;
  } finally {
    await store.close();
  }
}

/** A log of some commits. */
const LOG_BYTES_MIN = 16_384;

describe('a data folder with torn writes', () => {
  const work = temporaryFolder();
  const pristine = join(work.path, 'chain');
  /** Ids of the chain before the damage, by height, and how many of its blocks had been answered for. */
  const ids: string[] = [];
  let answered = 0;

  before(async () => {
    ({ blocks: answered } = await runCrashes({ folder: pristine, kills: 3, seed: 2 }));
    cpSync(pristine, join(work.path, 'whole'), { recursive: true });
    const { store } = await mustOpen({ folder: join(work.path, 'whole') });
    const opened = openCrashChain(store);
    assert.ok(opened.ok);
    const { chain } = opened.value;
    for (let height = 0; height <= chain.head.height; height++) {
      ids.push(toHex(chain.idAt(height) as Uint8Array));
    }
    await store.close();
    assert.ok(answered > 0, 'there is no block to lose');
  });
  after(() => work[Symbol.dispose]());

  /** The outcome is one that may be: a chain of the same blocks, at least `heightMin` of them, or a plain refusal. */
  function assertHonest(outcome: Outcome, heightMin: number, what: string): void {
    if ('rule' in outcome) {
      assert.match(outcome.rule, /^(store|data)\//, what);
      assert.match(outcome.help, /^[A-Z].+\.$/, `${what}: ${outcome.rule} says what to do`);
      return;
    }
    assert.ok(outcome.height >= heightMin, `${what}: height ${outcome.height} of ${heightMin}`);
    assert.equal(outcome.id, ids[outcome.height], `${what}: another chain`);
  }

  it('opens whole when nothing is wrong', async () => {
    cpSync(pristine, join(work.path, 'same'), { recursive: true });
    const outcome = await outcomeOf(join(work.path, 'same'), false);
    assert.ok('height' in outcome && outcome.height === ids.length - 1);
  });

  it(`recovers or refuses in each of ${CASES} cases, and never shows a wrong state`, async () => {
    const random = seededRandom(60);
    const files = readdirSync(pristine).filter((name) => readFileSync(join(pristine, name)).length > 0);
    const seen = { whole: 0, refused: 0, recovered: 0 };
    // A kill soon after a start leaves a log that hardly holds anything, and so no end of it that could be lost.
    const logBytes = files
      .filter((name) => name.endsWith('.log'))
      .map((name) => statSync(join(pristine, name)).size);
    const hasEnd = Math.max(0, ...logBytes) > LOG_BYTES_MIN;
    for (let i = 0; i < CASES; i++) {
      const folder = join(work.path, `case-${i}`);
      cpSync(pristine, folder, { recursive: true });
      const name = files[i % files.length] as string;
      const [kind, damage] = random.pick(Object.entries(DAMAGES));
      const bytes = readFileSync(join(folder, name));
      const at = random.below(bytes.length);
      const what = `case ${i}: ${name} of ${bytes.length} bytes, ${kind} at ${at}`;
      writeFileSync(join(folder, name), damage(bytes, at, random));
      const outcome = await outcomeOf(folder, false);
      assertHonest(outcome, answered, what);
      if ('height' in outcome) {
        seen.whole += 1;
        continue;
      }
      seen.refused += 1;
      if (outcome.rule !== 'store/lost-tail') continue;
      // Told to go on without what is lost, it is an earlier moment of the same chain.
      const recovered = await outcomeOf(folder, true);
      assertHonest(recovered, 0, `${what}, recovered`);
      if ('height' in recovered) seen.recovered += 1;
    }
    assert.ok(seen.whole > 0 && seen.refused > 0, JSON.stringify(seen));
    assert.ok(seen.recovered > 0 || !hasEnd, JSON.stringify({ ...seen, logBytes }));
  });
});
