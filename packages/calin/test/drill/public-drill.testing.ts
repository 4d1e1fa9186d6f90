import { setTimeout as sleep } from 'node:timers/promises';
import { type Drill, type DrillPlace, expect, until } from './drill.testing.ts';
import { Lab } from './lab.testing.ts';
import {
  goOn,
  idOf,
  LAB_PRODUCER,
  labAddress,
  labChain,
  netOf,
  peerOf,
  publicMachine,
} from './lab-nodes.testing.ts';

/** How long links are watched: AutoNAT asks as soon as there is one. */
const WATCH_MS = 5000;

/** What libp2p does for public addresses alone. */
export const publicDrill: Drill = {
  name: 'public',
  summary: 'Three machines on public addresses tell them, find each other, and stay linked.',
  programs: ['unshare', 'ip'],
  isInNamespaces: true,
  run: holdPublic,
};

async function holdPublic({ folder, claim }: DrillPlace): Promise<void> {
  const lab = new Lab(folder);
  const hub = lab.switch('internet');
  const [seed, second, third] = ['seed', 'second', 'third'].map((name, i) =>
    publicMachine(lab, hub, name, i + 1),
  ) as [ReturnType<typeof publicMachine>, ReturnType<typeof publicMachine>, ReturnType<typeof publicMachine>];
  const common = labChain(folder, seed);
  await seed.start([...common, '--no-dht', '--listen', labAddress(1), ...LAB_PRODUCER], 'libp2p:auto-nat');
  const address = (await netOf(seed)).listening[0] ?? '';
  expect(address.startsWith(`${labAddress(1)}/p2p/`), `the seed tells its address, not "${address}"`);
  claim('a node on a public address tells it before anybody has come', address);

  const begin = ['--no-dht', '--bootstrap', address];
  await second.start([...common, ...begin, '--listen', labAddress(2)]);
  const first = await until('a link with the seed', () => peerOf(second, idOf(address)));
  const verdict = await until(
    'AutoNAT asks, and is dialled back',
    () => /\S+ address \S+ is externally dialable/.exec(seed.said()) ?? undefined,
  );
  claim('its peer dials it back for AutoNAT', verdict[0]);
  await third.start([...common, ...begin, '--listen', labAddress(3)]);
  const id = idOf((await netOf(second)).listening[0] ?? '');
  const found = await until('the third hears of the second', () => peerOf(third, id));
  claim('nodes hear of each other from their peers', found.address);

  await sleep(WATCH_MS);
  const [seedsLater, secondLater] = [await peerOf(second, idOf(address)), await peerOf(third, id)];
  expect(seedsLater?.connectedMs === first.connectedMs, 'the link with the seed is the first one');
  expect(secondLater?.connectedMs === found.connectedMs, 'the link with the second is the first one');
  const height = await goOn(seed, [second, third], 2);
  claim('links hold', `after ${WATCH_MS / 1000} s none was made anew; block ${height} is everywhere`);
}
