import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './drill.testing.ts';
import type { Lab, LabMachine } from './lab.testing.ts';

/** A peer as `net_peers` tells of it. */
export interface LabPeer {
  readonly id: string;
  readonly address: string;
  readonly direction: 'inbound' | 'outbound';
  readonly connectedMs: number;
  readonly said: object | null;
}

/** What `net_peers` answers. */
export interface LabNet {
  readonly listening: readonly string[];
  readonly peers: readonly LabPeer[];
}

/** A head as `node_status` tells of it. */
export interface LabHead {
  readonly id: string;
  readonly height: number;
}

/** Where the nodes of a lab listen. */
export const LAB_PORT = 8646;

/** The address on the internet of the lab's machine `i`, each in a network of its own. */
export const labIp = (i: number): string => `3fff:${i}::1`;

/** The same for libp2p. */
export const labAddress = (i: number): string => `/ip6/${labIp(i)}/tcp/${LAB_PORT}`;

/** A machine that is connected with the internet of the lab directly. */
export function publicMachine(lab: Lab, hub: string, name: string, i: number): LabMachine {
  const machine = lab.machine(name);
  machine.plug('eth0', hub, `${labIp(i)}/20`);
  return machine;
}

/** A development chain with one producer, and what every node of it is told. */
export function labChain(folder: string, machine: LabMachine): readonly string[] {
  const genesis = join(folder, 'genesis.json');
  writeFileSync(genesis, machine.calin(['init', '--example', '--json']));
  return ['--genesis', genesis, '--no-mdns', '--signature-workers', '0', '--log', 'info,net=debug,p2p=debug'];
}

/** What makes the blocks of {@link labChain}. */
export const LAB_PRODUCER: readonly string[] = ['--produce', 'dev-authority', '--block-time', '1000'];

/** The network as a machine's node sees it. */
export function netOf(machine: LabMachine): Promise<LabNet> {
  return machine.call<LabNet>('net_peers');
}

/** A peer that has said hello. */
export async function peerOf(machine: LabMachine, id: string): Promise<LabPeer | undefined> {
  return (await netOf(machine)).peers.find((peer) => peer.id === id && peer.said !== null);
}

/** The head of a machine's node. */
export async function headOf(machine: LabMachine): Promise<LabHead> {
  return (await machine.call<{ head: LabHead }>('node_status')).head;
}

/** The id at the end of an address. */
export function idOf(address: string): string {
  return address.slice(address.lastIndexOf('/') + 1);
}

/** Waits until every machine's node has come so much higher than `from` is now; gives the height. */
export async function goOn(
  from: LabMachine,
  machines: readonly LabMachine[],
  blocks: number,
): Promise<number> {
  const height = (await headOf(from)).height + blocks;
  for (const machine of machines) {
    await until(`${machine.name} has block ${height}`, async () =>
      (await headOf(machine)).height >= height ? height : undefined,
    );
  }
  return height;
}
