import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '@calin/core/base/result.ts';
import { choice, type Infer, integer, object, optional } from '@calin/core/base/schema.ts';
import { PRESET_NAMES } from '@calin/core/spec/consensus-presets.ts';
import { createDataFolder } from '../../adapters/data-folder.ts';
import { writeDurably } from '../../adapters/durable-file.ts';
import { loadPeerKey } from '../../adapters/libp2p/peer-key.ts';
import { refuseAdapter } from '../../rules.ts';
import {
  CLUSTER_NODES_MAX,
  type ClusterShape,
  clusterProducer,
  createClusterSpec,
} from './cluster-genesis.ts';
import { freePorts } from './free-ports.ts';

/** One node of a local network, as it is to be started. */
export interface ClusterNodePlan {
  /** `node-0` and so on. */
  readonly name: string;
  /** Its data folder. */
  readonly data: string;
  /** What it says is written here. */
  readonly logFile: string;
  /** The account that makes its blocks. */
  readonly producer: string;
  readonly rpcPort: number;
  /** Where it listens for peers. */
  readonly listen: string;
  /** Where the others find it. */
  readonly address: string;
}

/** A local network on disk. */
export interface ClusterPlan {
  readonly path: string;
  readonly shape: ClusterShape;
  readonly nodes: readonly ClusterNodePlan[];
}

const SHAPE_FILE = 'cluster.json';

const SHAPE = object('What cluster.json holds.', {
  nodes: integer('How many nodes.', 1, CLUSTER_NODES_MAX),
  consensus: choice('How the chain agrees.', PRESET_NAMES),
  validators: optional(choice('Who votes, where that is open.', ['stake', 'authorities'])),
  blockMs: integer('Milliseconds between blocks.', 1, 86_400_000),
});

/**
 * Makes the folders and keys of a local network, or takes those that are there, and chooses free ports.
 *
 * @returns the plan; `folder/other-chain` when the folder holds a network of another shape, or what making a data
 *   folder refuses
 */
export async function planCluster(
  path: string,
  shape: ClusterShape,
  genesisTimeMs: number,
): Promise<Result<ClusterPlan>> {
  const made = makeFolders(path, shape, genesisTimeMs);
  if (!made.ok) return made;
  const ports = await freePorts(2 * shape.nodes);
  const nodes: ClusterNodePlan[] = [];
  for (let i = 0; i < shape.nodes; i++) {
    const name = `node-${i}`;
    const data = join(path, name);
    const key = await loadPeerKey(join(data, 'network.key'));
    if (!key.ok) return key;
    const listen = `/ip4/127.0.0.1/tcp/${ports[2 * i + 1]}`;
    nodes.push({
      name,
      data,
      logFile: join(path, `${name}.log`),
      producer: clusterProducer(shape, i),
      rpcPort: ports[2 * i] as number,
      listen,
      address: `${listen}/p2p/${key.value.publicKey.toString()}`,
    });
  }
  return ok({ path, shape, nodes });
}

function makeFolders(path: string, shape: ClusterShape, genesisTimeMs: number): Result<undefined> {
  const file = join(path, SHAPE_FILE);
  if (existsSync(file)) return checkShape(file, shape);
  const spec = createClusterSpec(shape, genesisTimeMs);
  if (!spec.ok) return spec;
  mkdirSync(path, { recursive: true, mode: 0o700 });
  for (let i = 0; i < shape.nodes; i++) {
    const made = createDataFolder(join(path, `node-${i}`), spec.value);
    if (!made.ok) return made;
  }
  // Last, so that an interrupted start is refused and not taken for a whole network.
  writeDurably(file, `${JSON.stringify(shape, undefined, 2)}\n`);
  return ok(undefined);
}

function checkShape(file: string, shape: ClusterShape): Result<undefined> {
  const found = readShape(file);
  if (found === undefined) return refuseAdapter('folder/malformed', { file, why: 'it is not ours' });
  const [got, expected] = [found, shape].map(describe) as [string, string];
  return got === expected ? ok(undefined) : refuseAdapter('folder/other-chain', { file, got, expected });
}

function readShape(file: string): ClusterShape | undefined {
  try {
    const parsed = SHAPE.parse(JSON.parse(readFileSync(file, 'utf8')), SHAPE_FILE);
    return parsed.ok ? shapeOf(parsed.value) : undefined;
  } catch {
    return undefined;
  }
}

function shapeOf({ validators, ...shape }: Infer<typeof SHAPE>): ClusterShape {
  return validators === undefined ? shape : { ...shape, validators };
}

function describe({ nodes, consensus, validators, blockMs }: ClusterShape): string {
  return [
    `${nodes} nodes`,
    consensus,
    ...(validators === undefined ? [] : [validators]),
    `${blockMs} ms`,
  ].join(', ');
}
