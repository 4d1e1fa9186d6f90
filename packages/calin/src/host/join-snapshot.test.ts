import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { devAccount, devAuthority } from '@calin/client/keys/dev-accounts.ts';
import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import { createDataFolder, openDataFolder } from '../adapters/data-folder.ts';
import { createKeySigner } from '../adapters/key-signer.ts';
import { until } from '../adapters/until.testing.ts';
import type { StorageChoice } from './choose-storage.ts';
import { createDevSpec } from './dev-network.ts';
import { faucetMethods } from './faucet.ts';
import type { SyncMode } from './open-network.ts';
import { openNode } from './open-node.ts';
import type { RunningNode } from './serve-node.ts';
import { verifyFolder } from './verify-folder.ts';

/** More than a node takes block by block, and two checkpoints. */
const BLOCKS = 1_120;

const root = mkdtempSync(join(tmpdir(), 'calin-join-'));
const spec = createDevSpec(1_700_000_000_000);
const running: RunningNode[] = [];
after(async () => {
  for (const node of running) await node.stop();
  rmSync(root, { recursive: true, force: true });
});

interface Opening {
  readonly storage?: StorageChoice;
  readonly sync?: SyncMode;
  readonly isProducer?: boolean;
  readonly to?: RunningNode;
}

/** Opens a node on a folder, which is made when it is new; on the loopback, where nobody but these find one another. */
async function open(
  name: string,
  { storage, sync, isProducer = false, to }: Opening,
): Promise<Result<RunningNode>> {
  const path = join(root, name);
  createDataFolder(path, spec);
  const folder = openDataFolder(path);
  assert.ok(folder.ok);
  const key = devAuthority();
  const { publicKey } = key;
  const produce = { kind: 'on-transaction', intervalMs: 0, publicKey, payTo: keyAddress(publicKey) } as const;
  const bootstrap = to?.network?.listening ?? [];
  const node = await openNode({
    folder: folder.value,
    production: isProducer ? produce : { kind: 'off' },
    signer: isProducer ? createKeySigner(key) : undefined,
    hostMethods: faucetMethods,
    port: 0,
    signatureWorkers: 0,
    network: { listen: ['/ip4/127.0.0.1/tcp/0'], dht: false, bootstrap, sync },
    ...(storage === undefined ? {} : { storage }),
    log: { write: () => {} },
  });
  if (node.ok) running.push(node.value);
  else folder.value.close();
  return node;
}

async function start(name: string, opening: Opening): Promise<RunningNode> {
  const node = await open(name, opening);
  assert.ok(node.ok, JSON.stringify(node));
  return node.value;
}

const head = ({ runner }: RunningNode): string => toHex(runner.node.chain.head.id);
const settings = (name: string): unknown => JSON.parse(readFileSync(join(root, name, 'node.json'), 'utf8'));

describe('nodes of a network, one of which begins with a snapshot', () => {
  let source: RunningNode;

  it('is at the head soon, has every block later, and then an index', async () => {
    source = await start('source', { isProducer: true, storage: { mode: 'full' } });
    const client = new RpcClient({ url: source.url });
    const address = formatAddress(devAccount(0).address, 'dcal');
    assert.ok((await client.call('dev_faucet', { address, amount: 5_000 })).ok);
    for (let half = 0; half < 2; half++) {
      const mined = await client.call('dev_mine', { blocks: BLOCKS / 2 });
      assert.ok(mined.ok, JSON.stringify(mined));
    }
    const node = await start('joined', { storage: { mode: 'full' }, sync: 'snapshot', to: source });
    await until(() => head(node) === head(source));
    const { chain } = node.runner.node;
    assert.ok(chain.storage.statesFrom >= 500, JSON.stringify(chain.storage));
    await until(() => chain.past.missing === 0);
    assert.equal(chain.storage.blocksFrom, 1);
    const [first, theirs] = [chain.idAt(1), source.runner.node.chain.idAt(1)] as [Uint8Array, Uint8Array];
    assert.deepEqual(chain.block(first), source.runner.node.chain.block(theirs));
    await until(() => node.runner.node.isIndexed);
    const asked = await new RpcClient({ url: node.url }).call('account_getCoins', { address });
    assert.ok(asked.ok && asked.value.coins.length > 0, JSON.stringify(asked));
    assert.match(JSON.stringify(settings('joined')), /"index":"later"/);
    await node.stop();
    const verified = await verifyFolder(join(root, 'joined'), () => {});
    assert.ok(verified.ok, JSON.stringify(verified));
    assert.deepEqual([verified.value.executedFrom, verified.value.isIndexOn], [1, false]);

    const again = await start('joined', { to: source });
    const coins = await new RpcClient({ url: again.url }).call('account_getCoins', { address });
    assert.ok(coins.ok && coins.value.coins.length > 0, JSON.stringify(coins));
    await until(() => head(again) === head(source));
    await again.stop();
    const whole = await verifyFolder(join(root, 'joined'), () => {});
    assert.ok(whole.ok && whole.value.isIndexOn && whole.value.indexed > BLOCKS, JSON.stringify(whole));
  });

  it('keeps the last blocks only when it is a pruned one, and is refused as an archive', async () => {
    const storage = { mode: 'pruned', pruneBlocks: 300 };
    const node = await start('pruned', { storage, sync: 'snapshot', to: source });
    await until(() => head(node) === head(source));
    assert.equal(node.runner.node.chain.past.missing, 0);
    assert.ok(node.runner.node.chain.storage.blocksFrom > 500);
    await node.stop();
    assert.match(JSON.stringify(settings('pruned')), /"index":false/);
    const again = await start('pruned', { to: source });
    assert.equal(head(again), head(source));
    const refused = await open('archive', { storage: { mode: 'archive' }, sync: 'snapshot', to: source });
    assert.ok(!refused.ok && refused.error.rule === 'cli/archive-snapshot', JSON.stringify(refused));
  });
});
