import { type Drill, type DrillPlace, expect, until } from './drill.testing.ts';
import { Lab, type LabMachine } from './lab.testing.ts';
import {
  goOn,
  idOf,
  LAB_PORT,
  LAB_PRODUCER,
  labAddress,
  labChain,
  netOf,
  peerOf,
  publicMachine,
} from './lab-nodes.testing.ts';

const CIRCUIT = '/p2p-circuit';

/** Home routers, a relay, and the way from a relayed link to a direct one. */
export const natDrill: Drill = {
  name: 'nat',
  summary: 'Two machines behind routers are reached through a relay, and directly where that can be.',
  programs: ['unshare', 'ip', 'nft'],
  isInNamespaces: true,
  run: holdNat,
};

async function holdNat({ folder, claim }: DrillPlace): Promise<void> {
  const lab = new Lab(folder);
  const hub = lab.switch('internet');
  const [relay, open] = [publicMachine(lab, hub, 'relay', 1), publicMachine(lab, hub, 'open', 2)];
  const [hidden, other] = [hiddenMachine(lab, hub, 3), hiddenMachine(lab, hub, 4)];
  const common = labChain(folder, relay);
  const serve = [...common, '--listen', labAddress(1), '--relay', ...LAB_PRODUCER];
  await relay.start(serve);
  const seed = (await netOf(relay)).listening[0] ?? '';

  const guest = ['--listen', `/ip6/fd00:3::2/tcp/${LAB_PORT},${CIRCUIT}`, '--bootstrap', seed];
  await hidden.start([...common, ...guest]);
  const way = await relayedAddress(hidden);
  claim('a node behind a router has an address at the relay', way);

  // Told of the relayed address alone, it finds the way through the relay.
  await open.start([...common, '--listen', labAddress(2), '--no-dht', '--bootstrap', way]);
  const direct = await until('a direct link', async () => {
    const peer = await peerOf(open, idOf(way));
    return peer?.address.includes(CIRCUIT) ? undefined : peer;
  });
  const dialled = `address=${way} direction=outbound`;
  expect(open.said().includes(dialled), 'the first link led through the relay');
  expect(direct.direction === 'inbound', 'the hidden node has dialled');
  claim('a link through the relay becomes a direct one: the hidden node dials (DCUtR)', direct.address);

  await other.start([...common, '--listen', '', '--no-dht', '--bootstrap', way]);
  const through = await until('a link of two hidden nodes', () => peerOf(other, idOf(way)));
  expect(through.address.includes(CIRCUIT), 'it leads through the relay');
  const height = await goOn(relay, [hidden, open, other], 3);
  claim('two nodes behind routers talk through the relay', `block ${height} is everywhere`);

  await relay.stop();
  await until('the address at the relay is gone', async () =>
    (await netOf(hidden)).listening.some((address) => address.includes(CIRCUIT)) ? undefined : true,
  );
  await relay.start(serve);
  await relayedAddress(hidden);
  claim('a hidden node comes back to a relay that was away', (await netOf(hidden)).listening.join(' '));
}

function relayedAddress(machine: LabMachine): Promise<string> {
  return until('an address through the relay', async () =>
    (await netOf(machine)).listening.find((address) => address.includes(CIRCUIT)),
  );
}

/** A machine in a home of its own, with a router that lets nobody in. */
function hiddenMachine(lab: Lab, hub: string, i: number): LabMachine {
  const router = publicMachine(lab, hub, `router${i}`, i);
  const inside = lab.switch(`home${i}`);
  router.plug('eth1', inside, `fd00:${i}::1/64`);
  router.translate('eth0');
  const machine = lab.machine(`hidden${i}`);
  machine.plug('eth0', inside, `fd00:${i}::2/64`);
  machine.exec('ip', ['-6', 'route', 'add', 'default', 'via', `fd00:${i}::1`]);
  return machine;
}
