import { planCluster } from '../../src/host/cluster/cluster-folder.ts';
import { type Drill, type DrillPlace, expect, until } from './drill.testing.ts';
import { Lab, type LabMachine } from './lab.testing.ts';
import { headOf, type LabHead, labAddress, labIp } from './lab-nodes.testing.ts';

const NODES = 5;

/** The last two are behind the cable that is pulled. */
const CUT_OFF = 2;

/** Slow enough that a cut of several round trips of TCP is far shorter than ten blocks, which are final. */
const BLOCK_MS = 1500;

/** A cable between two halves of a network is pulled and mended: both go on, then all agree. */
export const partitionDrill: Drill = {
  name: 'partition',
  summary:
    'Five machines; the cable to two of them is pulled, both sides go on, and they heal when it is back.',
  programs: ['unshare', 'ip'],
  isInNamespaces: true,
  run: heldPartition,
};

async function heldPartition({ folder, claim }: DrillPlace): Promise<void> {
  const lab = new Lab(folder);
  const [left, right] = [lab.switch('left'), lab.switch('right')];
  const cable = lab.trunk(left, right);
  const machines = await startAll(lab, (i) => (i < NODES - CUT_OFF ? left : right));
  const near = machines.slice(0, NODES - CUT_OFF);
  const far = machines.slice(NODES - CUT_OFF);
  const before = await agree(machines, 3);
  claim('five machines on two switches agree', `on block ${before.height}`);

  lab.pull(cable);
  const { height: pulledAt } = await headOf(near[0] as LabMachine);
  const sides = await until('both sides go on alone', async () => {
    const heads = await Promise.all([near, far].map((side) => headOf(side[0] as LabMachine)));
    return heads.every(({ height }) => height >= pulledAt + 2) ? heads : undefined;
  });
  const height = Math.min(...sides.map((head) => head.height));
  const branches = await Promise.all([near, far].map((side) => branchAt(side[0] as LabMachine, height)));
  expect(branches[0] !== branches[1], 'two branches');
  claim('a pulled cable makes two branches', `of heights ${sides.map((head) => head.height).join(' and ')}`);

  lab.mend(cable);
  const mendedMs = performance.now();
  const after = await agree(machines, Math.max(...sides.map((head) => head.height)) + 1);
  const seconds = ((performance.now() - mendedMs) / 1000).toFixed(1);
  const healed = new Set(await Promise.all(machines.map((machine) => branchAt(machine, height))));
  expect(healed.size === 1, 'one branch everywhere');
  expect(branches.includes([...healed][0] as string), 'it is one of the two');
  claim('once it is back all have one of the two branches', `block ${after.height}, ${seconds} s later`);
}

async function startAll(lab: Lab, hubOf: (i: number) => string): Promise<readonly LabMachine[]> {
  const shape = { nodes: NODES, consensus: 'poa', blockMs: BLOCK_MS } as const;
  const plan = await planCluster(lab.folder, shape, Date.now());
  if (!plan.ok) throw new Error(plan.error.message);
  const addresses = plan.value.nodes.map(({ address }, i) => {
    const peer = address.slice(address.indexOf('/p2p/'));
    return `${labAddress(i + 1)}${peer}`;
  });
  const machines: LabMachine[] = [];
  const starts: Promise<void>[] = [];
  for (const [i, { name, producer }] of plan.value.nodes.entries()) {
    const machine = lab.machine(name);
    machine.plug('eth0', hubOf(i), `${labIp(i + 1)}/20`);
    const bootstrap = addresses.filter((_, other) => other !== i).join();
    const network = ['--listen', labAddress(i + 1), '--bootstrap', bootstrap, '--no-mdns'];
    const production = ['--produce', producer, '--block-time', `${BLOCK_MS}`, '--signature-workers', '0'];
    machines.push(machine);
    starts.push(machine.start([...network, ...production]));
  }
  await Promise.all(starts);
  return machines;
}

/** The head that all have, at least so high. */
function agree(machines: readonly LabMachine[], height: number): Promise<LabHead> {
  return until(`one head from ${height} on`, async () => {
    const heads = await Promise.all(machines.map(headOf));
    const [first] = heads as [LabHead];
    return heads.every(({ id }) => id === first.id) && first.height >= height ? first : undefined;
  });
}

/** The block of a machine's best branch at a height. */
async function branchAt(machine: LabMachine, height: number): Promise<string> {
  return (await machine.call<{ id: string }>('chain_getHeader', { height })).id;
}
