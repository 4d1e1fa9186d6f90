import { assert } from '../../base/assert.ts';
import { equalBytes, toHex } from '../../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../../base/fuzz.testing.ts';
import type { Action } from '../../primitives/action.ts';
import { Overlay } from '../../state/view.ts';
import { nativeFlow } from '../actions/native-flow.ts';
import { encodeAction, type LedgerAction, parseAction } from '../actions/registry.ts';
import { applyTransaction } from '../apply-transaction.ts';
import { testKey } from '../testing/owners.testing.ts';
import { growStakeHistory } from '../testing/stake-history.testing.ts';
import { SIGNATURES_CHECKED } from '../transaction-signatures.ts';

/** Inputs for one history: making one costs as much as some hundred inputs. */
const INPUTS_PER_HISTORY = 400;

/** Tags of the actions about validators. */
const TAGS = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14] as const;

/** Tags for rewards: mostly what they can hold. */
const REWARD_TAGS = [12, 12, 13, 13, ...TAGS] as const;

/** Hugs that every owner of a history still has. */
const AFFORDABLE = 1_000_000_000_000;

/** Bytes of the bodies that have one size. */
const SIZES = [32, 40, 44, 65, 66, 72, 74] as const;

/**
 * Bodies of actions from dice, and those that parse put to a chain of random stake. A body that is read is written back
 * to the byte; the ledger never throws on one; and what it refuses leaves no trace. The same bodies in rewards: a block
 * that pays nothing for them is refused by a rule, whatever they say.
 */
export const fuzz: FuzzTarget = {
  name: 'stake',
  run(random: SeededRandom, iterations: number): void {
    for (let done = 0; done < iterations; done += INPUTS_PER_HISTORY) {
      const { chain } = growStakeHistory(random.u32(), 3 + random.below(10));
      const inputs = Math.min(INPUTS_PER_HISTORY, iterations - done);
      for (let i = 0; i < inputs; i++) {
        if (random.oneIn(5)) {
          const actions = Array.from({ length: 1 + random.below(6) }, () => randomBody(random, REWARD_TAGS));
          chain.rewardRefusal(actions);
          continue;
        }
        const action = randomAction(random);
        if (action === undefined) continue;
        const tx = chain.make(random.below(6), [action]);
        const overlay = new Overlay(chain.view);
        const applied = applyTransaction(chain.spec, overlay, tx, chain.env(), SIGNATURES_CHECKED);
        const { coins, storage } = overlay.changes();
        assert(applied.ok || coins.length + storage.length === 0, 'a refused action left a trace');
      }
    }
  },
};

/** An action that a random body reads as, most often about a validator that exists; undefined when it is refused. */
function randomAction(random: SeededRandom): LedgerAction | undefined {
  const { tag, body } = randomBody(random, TAGS);
  const parsed = parseAction({ tag, body });
  if (!parsed.ok) return undefined;
  const again = encodeAction(parsed.value);
  assert(
    again.tag === tag && equalBytes(again.body, body),
    `two encodings of one action: ${tag} ${toHex(body)}`,
  );
  const { takes, brings } = nativeFlow(parsed.value);
  return Math.max(takes, brings) < AFFORDABLE ? parsed.value : undefined;
}

function randomBody(random: SeededRandom, tags: readonly number[]): Action {
  const tag = random.pick(tags);
  const body = random.bytes(random.oneIn(8) ? random.below(100) : random.pick(SIZES));
  if (!random.oneIn(4)) body.set(testKey(10 + random.below(7)).publicKey.subarray(0, body.length));
  // Amounts end the bodies; without zeros on top nobody could ever pay one.
  if (!random.oneIn(4)) body.fill(0, Math.max(0, body.length - 3));
  return { tag, body };
}
