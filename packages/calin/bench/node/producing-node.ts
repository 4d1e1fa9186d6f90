import { join } from 'node:path';
import { assert } from '@calin/core/base/assert.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { Log } from '@calin/core/ports/log.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { createDataFolder, openDataFolder } from '../../src/adapters/data-folder.ts';
import { createKeySigner } from '../../src/adapters/key-signer.ts';
import { openNode } from '../../src/host/open-node.ts';
import type { RunningNode } from '../../src/host/serve-node.ts';
import { authorityKey } from '../chain/keys.ts';

/** A whole node, with its server, that makes blocks of what it is sent. */
export interface ProducingNode {
  readonly running: RunningNode;
  /** Settles when so many transactions, rewards not counted, are in blocks on disk. Counts from this call on. */
  whenSynced(transactions: number): Promise<void>;
}

/**
 * Opens a node with everything that `calin node` has.
 *
 * @param choices - milliseconds between two blocks, when there is something to put into them, and whether the index of
 *   transactions and addresses is kept
 */
export async function openProducingNode(
  folder: string,
  spec: ChainSpec,
  { blockMs, index }: { readonly blockMs: number; readonly index: boolean },
): Promise<ProducingNode> {
  const path = join(folder, 'node');
  must(createDataFolder(path, spec));
  const { publicKey, address, seed } = authorityKey();
  let counted: (transactions: number) => void = () => {};
  const log: Log = {
    write: ({ part, message, fields }) => {
      if (part === 'chain' && message === 'new head') counted(Number(fields['transactions']));
    },
  };
  const running = must(
    await openNode({
      folder: must(openDataFolder(path)),
      production: { kind: 'on-transaction', intervalMs: blockMs, publicKey, payTo: address },
      signer: createKeySigner({ publicKey, secretKey: seed }),
      storage: { index },
      port: 0,
      log,
    }),
  );
  const whenSynced = (transactions: number) =>
    new Promise<void>((resolve, reject) => {
      let seen = 0;
      counted = (added) => {
        seen += added;
        if (seen < transactions) return;
        running.runner.whenDurable((answer) =>
          answer.ok ? resolve() : reject(new Error(`the store failed: ${answer.error.rule}`)),
        );
      };
    });
  return { running, whenSynced };
}

function must<T>(result: Result<T>): T {
  assert(result.ok, result.ok ? '' : `${result.error.rule} ${JSON.stringify(result.error.evidence)}`);
  return result.value;
}
