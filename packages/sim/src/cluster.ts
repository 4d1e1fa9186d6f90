import { assert } from '@calin/core/base/assert.ts';
import type { Behaviour } from './byzantine/behaviour.ts';
import { THE_RUN } from './clock.ts';
import type { Dice } from './dice.ts';
import { simKey } from './keys.ts';
import type { Regions } from './regions.ts';
import { type NodeOptions, SimNode } from './sim-node.ts';
import type { World } from './world.ts';

/** What all machines of a cluster have in common. */
export interface ClusterOptions {
  readonly nodes: number;
  readonly regions: Regions;
  readonly uplinkBytesPerSecond: number;
  readonly syncUs: number;
  /** Clocks are wrong by up to so much, either way. */
  readonly skewMsMax: number;
  readonly node: Omit<NodeOptions, 'key' | 'bootstrap'>;
  /** The first so many nodes make blocks. */
  readonly authorities: number;
  /** Makers whose keys also run on the last nodes, one each: they do not know of each other. None when left out. */
  readonly twins?: readonly number[];
  /** How fast each of these searches for blocks, where they take work. */
  readonly hashesPerSecond?: readonly number[];
  /** Addresses that each node knows from the start; a dozen when left out. */
  readonly knownPeers?: number;
}

/** As many as a list of seeds or a directory would give. */
const KNOWN_PEERS = 12;

/** The nodes of one run, by number: node i is `ni`, on machine i + 1. In every part of a run all of them are known. */
export class Cluster {
  readonly world: World;
  readonly nodes: readonly SimNode[];
  readonly #options: ClusterOptions;
  /** Nodes that do not follow the protocol: checkers do not look at them. */
  readonly #byzantine = new Set<SimNode>();

  constructor(options: ClusterOptions, world: World) {
    const { authorities, twins = [], nodes } = options;
    assert(authorities + twins.length <= nodes, 'a node for each authority, and for each twin');
    this.#options = options;
    this.world = world;
    const dice = world.dice('machines');
    this.nodes = Array.from({ length: options.nodes }, (_, i) => this.#make(i, dice));
  }

  /** Node `i`. */
  node(i: number): SimNode {
    const node = this.nodes[i];
    assert(node !== undefined, `no node ${i}`);
    return node;
  }

  /** Switches every machine on that is off, one after the other within `withinUs`. */
  start(withinUs: number): void {
    const { clock } = this.world;
    const dice = this.world.dice('start');
    for (const node of this.nodes) {
      if (node.isUp) continue;
      const fire = () => {
        if (!node.isUp) node.start();
      };
      clock.schedule(clock.nowUs + dice.below(Math.max(1, withinUs)), { fire });
    }
  }

  /** Lets a node break the rules. */
  corrupt(node: SimNode, behaviour: Behaviour): void {
    this.#byzantine.add(node);
    node.behaviour = behaviour;
    node.say('machine', behaviour.name);
  }

  /** Nodes that follow the protocol, on or off. */
  get honest(): readonly SimNode[] {
    return this.nodes.filter((node) => !this.#byzantine.has(node));
  }

  /** Nodes that follow the protocol and are on. */
  get running(): readonly SimNode[] {
    return this.honest.filter((node) => node.isUp);
  }

  /** Those of {@link honest} that work in this part of the run. */
  get honestHere(): readonly SimNode[] {
    return this.honest.filter((node) => node.isHere);
  }

  /** Those of {@link running} that work in this part of the run. */
  get runningHere(): readonly SimNode[] {
    return this.running.filter((node) => node.isHere);
  }

  /** Writes a line of the run itself to the log. Every part of it says the same, so one of them is enough. */
  say(message: string, fields: Readonly<Record<string, string | number | boolean>> = {}): void {
    const { log, clock, part } = this.world;
    if (part !== 0) return;
    log.write(clock.nowUs, { name: 'run', number: THE_RUN }, { level: 'info', part: 'run', message, fields });
  }

  #make(i: number, dice: Dice): SimNode {
    const { nodes, regions, uplinkBytesPerSecond, syncUs, skewMsMax, node, authorities } = this.#options;
    const machine = {
      name: `n${i}`,
      number: i + 1,
      region: regionAt(regions, dice.below(100)),
      uplinkBytesPerSecond,
      syncUs,
      skewMs: skewMsMax === 0 ? 0 : dice.between(-skewMsMax, skewMsMax),
    };
    const known = new Set(
      Array.from({ length: this.#options.knownPeers ?? KNOWN_PEERS }, () => `n${dice.below(nodes)}`),
    );
    known.delete(machine.name);
    const maker = i < authorities ? i : this.#options.twins?.[i - nodes + this.#options.twins.length];
    const key = maker === undefined ? undefined : simKey(maker);
    const hashesPerSecond = maker === undefined ? undefined : this.#options.hashesPerSecond?.[maker];
    return new SimNode(machine, { ...node, key, hashesPerSecond, bootstrap: [...known] }, this.world);
  }
}

function regionAt({ sharePercent }: Regions, percent: number): number {
  let sum = 0;
  for (let region = 0; region < sharePercent.length; region++) {
    sum += sharePercent[region] as number;
    if (percent < sum) return region;
  }
  return 0;
}
