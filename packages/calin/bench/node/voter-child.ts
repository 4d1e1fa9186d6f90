/**
 * A process of its own: a whole node that makes blocks and votes. Its argument is a {@link VoterOrder} as JSON. It
 * tells its parent of each block that becomes final, by {@link VoterMessage}, and ends with it.
 */
import { assert } from '@calin/core/base/assert.ts';
import type { Result } from '@calin/core/base/result.ts';
import { parseCertificate } from '@calin/core/consensus/votes-each/certificate.ts';
import type { Log } from '@calin/core/ports/log.ts';
import { openDataFolder } from '../../src/adapters/data-folder.ts';
import { createKeySigner } from '../../src/adapters/key-signer.ts';
import { openNode } from '../../src/host/open-node.ts';
import { validatorKey } from '../chain/votes-chain.ts';
import { sharedMs } from '../measure/shared-clock.ts';
import { type ThreadReport, watchThread } from '../measure/watch-thread.ts';
import type { VoterCommand, VoterMessage, VoterOrder, VoterReport } from './voter-process.ts';

const order = JSON.parse(process.argv[2] ?? '') as VoterOrder;
const tell = (message: VoterMessage): void => void process.send?.(message);

/** Transfers of the heads that are not final yet, by height. */
const heads = new Map<number, number>();

function noteFinal(height: number): void {
  let transfers = 0;
  for (const [at, count] of heads) {
    if (at > height) continue;
    heads.delete(at);
    transfers += count;
  }
  tell({ kind: 'final', final: { height, transfers, atMs: sharedMs() } });
}

const log: Log = {
  write: ({ part, message, fields }) => {
    const height = Number(fields['height']);
    if (part === 'chain' && message === 'new head') heads.set(height, Number(fields['transactions']));
    if (part === 'voting' && message === 'final') noteFinal(height);
  },
};

const { publicKey, address, seed } = validatorKey(order.validator);
const running = must(
  await openNode({
    folder: must(openDataFolder(order.folder)),
    production: { kind: 'on-transaction', intervalMs: 0, publicKey, payTo: address },
    signer: createKeySigner({ publicKey, secretKey: seed }),
    storage: { index: false },
    network: { listen: ['/ip4/127.0.0.1/tcp/0'], bootstrap: order.bootstrap, dht: false },
    port: 0,
    log,
  }),
);
const { node } = running.runner;

/** The round in which each block became final, of those whose certificate is here. */
function roundsOf(from: number, to: number): readonly number[] {
  const rounds: number[] = [];
  for (let height = from; height <= to; height++) {
    const bytes = node.chain.certificate(height);
    if (bytes !== undefined) rounds.push(must(parseCertificate(bytes)).round);
  }
  return rounds;
}

function must<T>(result: Result<T>): T {
  assert(result.ok, result.ok ? '' : `${result.error.rule} ${JSON.stringify(result.error.evidence)}`);
  return result.value;
}

let watched: () => ThreadReport = watchThread();
process.on('message', (command: VoterCommand) => {
  switch (command.kind) {
    case 'peers':
      return tell({ kind: 'peers', peers: node.p2p?.peers.size ?? 0 });
    case 'watch':
      watched();
      watched = watchThread();
      return;
    case 'report': {
      const report: VoterReport = { thread: watched(), rounds: roundsOf(command.from, command.to) };
      return tell({ kind: 'report', report });
    }
  }
});
process.once('disconnect', () => process.exit());
const [listening] = running.network?.listening ?? [];
assert(listening !== undefined, 'an address to dial');
tell({ kind: 'ready', url: running.url, address: listening });
