import { cpSync, rmSync } from 'node:fs';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import { stateRoot } from '@calin/core/state/world-state.ts';
import { openLevelStore } from '../../src/adapters/open-level-store.ts';
import { openCrashChain, verifyCrashChain } from './crash-chain.testing.ts';
import type { ToldBlock } from './crash-messages.testing.ts';

/** What a copy of a killed node's store was found to be. */
export interface CheckedCopy {
  readonly height: number;
  readonly stateRoot: string;
}

/**
 * Opens a copy of a store that a killed process left behind, as a node would, and looks for everything that was
 * answered for. The folder itself is not touched: the next node has to recover it by itself.
 *
 * @param options.told - the blocks to look for
 * @param options.replay - compare everything with a replay from genesis too
 * @throws Error that says what is missing
 */
export async function checkCopy(
  folder: string,
  options: { readonly told: readonly ToldBlock[]; readonly replay: boolean },
): Promise<CheckedCopy> {
  const copy = `${folder}-copy`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true });
  const { store } = must(await openLevelStore({ folder: copy }));
  try {
    const { chain } = must(openCrashChain(store));
    for (const block of options.told) findBlock(chain, block);
    const root = toHex(stateRoot(chain.state));
    if (root !== toHex(chain.head.header.stateRoot)) throw new Error('the state is not that of the head');
    if (options.replay) {
      const { height, headId } = must(verifyCrashChain(store));
      // Its last block has this state root: the replay has compared it with what it executed.
      if (height !== chain.head.height || toHex(headId) !== toHex(chain.head.id)) {
        throw new Error(`the replay ended at height ${height}, the chain was opened at ${chain.head.height}`);
      }
    }
    return { height: chain.head.height, stateRoot: root };
  } finally {
    await store.close();
    rmSync(copy, { recursive: true, force: true });
  }
}

function findBlock(chain: Chain, { height, id, txids }: ToldBlock): void {
  const found = chain.idAt(height);
  if (found === undefined) throw new Error(`block ${height} was answered for and is gone`);
  if (toHex(found) !== id) throw new Error(`block ${height} was ${id} and is ${toHex(found)}`);
  const { transactions } = must(chain.block(found));
  const has = new Set(transactions.map(({ txid }) => toHex(txid)));
  const missing = txids.find((txid) => !has.has(txid));
  if (missing !== undefined) throw new Error(`transaction ${missing} was in block ${height} and is gone`);
}

function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const { rule, message, evidence } = result.error;
  throw new Error(`${rule}: ${message} ${JSON.stringify(evidence)}`);
}
