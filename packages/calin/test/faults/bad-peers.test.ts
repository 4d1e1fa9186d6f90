import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { devAuthority } from '@calin/client/keys/dev-accounts.ts';
import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { encodeMessage, laneOf, type Message, parseMessage } from '@calin/core/p2p/messages/message.ts';
import type { Log } from '@calin/core/ports/log.ts';
import { keyAddress } from '@calin/core/primitives/address.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import { createDataFolder, openDataFolder } from '../../src/adapters/data-folder.ts';
import { createKeySigner } from '../../src/adapters/key-signer.ts';
import { greet } from '../../src/adapters/libp2p/libp2p-network.testing.ts';
import { until } from '../../src/adapters/until.testing.ts';
import { createDevSpec } from '../../src/host/dev-network.ts';
import type { SyncMode } from '../../src/host/open-network.ts';
import { openNode } from '../../src/host/open-node.ts';
import type { RunningNode } from '../../src/host/serve-node.ts';
import { type HelloChange, Stranger } from './stranger.testing.ts';

/** More than a node takes block by block when it may have a snapshot. */
const SNAPSHOT_BLOCKS = 1_120;

const root = mkdtempSync(join(tmpdir(), 'calin-bad-peers-'));
const spec = createDevSpec(1_700_000_000_000);
const running: RunningNode[] = [];
const strangers: Stranger[] = [];

interface Victim {
  readonly node: RunningNode;
  readonly address: string;
  /** Rules that a peer has broken, in order. */
  rules(peer: string): readonly string[];
}

async function open(name: string, isProducer: boolean, sync: SyncMode = 'full'): Promise<Victim> {
  const path = join(root, name);
  createDataFolder(path, spec);
  const folder = openDataFolder(path);
  assert.ok(folder.ok);
  const key = devAuthority();
  const { publicKey } = key;
  const produce = { kind: 'on-transaction', intervalMs: 0, publicKey, payTo: keyAddress(publicKey) } as const;
  const broken: { peer: string; rule: string }[] = [];
  const log: Log = {
    write: ({ fields }) => {
      if (fields['points'] === undefined) return;
      broken.push({ peer: String(fields['peer']), rule: String(fields['rule']) });
    },
  };
  const node = await openNode({
    folder: folder.value,
    production: isProducer ? produce : { kind: 'off' },
    signer: isProducer ? createKeySigner(key) : undefined,
    port: 0,
    signatureWorkers: 0,
    ...(sync === 'snapshot' ? { storage: { mode: 'full' } as const } : {}),
    network: { listen: ['/ip4/127.0.0.1/tcp/0'], dht: false, sync },
    log,
  });
  assert.ok(node.ok, JSON.stringify(node));
  running.push(node.value);
  return {
    node: node.value,
    address: node.value.network?.listening[0] ?? '',
    rules: (peer) => broken.flatMap((one) => (one.peer === peer ? [one.rule] : [])),
  };
}

async function mine({ node }: Victim, blocks: number): Promise<void> {
  const mined = await new RpcClient({ url: node.url }).call('dev_mine', { blocks });
  assert.ok(mined.ok, JSON.stringify(mined));
}

async function meet(victim: Victim): Promise<{ stranger: Stranger; peer: string }> {
  const stranger = await Stranger.start(victim.node.runner.node.chain.chainId);
  strangers.push(stranger);
  return { stranger, peer: await stranger.link(victim.address) };
}

const p2pOf = ({ node }: Victim) => {
  const { p2p, nowMs } = node.runner.node;
  assert.ok(p2p !== undefined);
  return { p2p, nowMs };
};

/** Points that count against a peer now; of one that is banned all of them. */
function pointsOf(victim: Victim, name: string): number {
  const { p2p, nowMs } = p2pOf(victim);
  if (p2p.connections.bans(nowMs).some(({ target }) => target === name)) return 100;
  return p2p.connections.connected(nowMs).find(({ id }) => id === name)?.points ?? 0;
}

const headOf = ({ node }: Victim): string => toHex(node.runner.node.chain.head.id);
const id = (): Uint8Array => new Uint8Array(randomBytes(32));
const UNPROVED: HelloChange = { head: { id: id(), height: 50, weight: 1n << 100n } };

/** Answers each question for headers. */
function answering(stranger: Stranger, headers: readonly Header[]): void {
  stranger.hook = (peer, frame) => {
    const asked = parseMessage(frame);
    if (!asked.ok || asked.value.kind !== 'headers-request') return;
    stranger.say(peer, { kind: 'headers', request: asked.value.request, headers });
  };
}

after(async () => {
  for (const stranger of strangers) await stranger.leave();
  for (const node of running) await node.stop();
  rmSync(root, { recursive: true, force: true });
});

describe('what a peer may not say over libp2p', () => {
  let source: Victim;
  let victim: Victim;
  let headers: readonly Header[];
  let bodies: readonly Uint8Array[];

  before(async () => {
    [source, victim] = [await open('source', true), await open('victim', false)];
    await mine(source, 4);
    const { chain } = source.node.runner.node;
    const ids = chain.idsAfter(0, 10);
    headers = ids.map((one) => {
      const header = chain.header(one);
      assert.ok(header.ok);
      return header.value;
    });
    bodies = ids.map((one) => {
      const bytes = chain.blockBytes(one);
      assert.ok(bytes.ok);
      return bytes.value;
    });
  });

  /** Nothing of a stranger that has left is kept but its points. */
  const forgotten = async (stranger: Stranger): Promise<void> => {
    await stranger.leave();
    const { p2p } = p2pOf(victim);
    await until(() => p2p.peers.size === 0 && victim.node.network?.peers === 0);
    assert.deepEqual(p2p.connections.connected(p2pOf(victim).nowMs), []);
    const { wanted, orphans, submissions } = p2p.relay.counts as Record<string, number>;
    assert.deepEqual({ wanted, orphans, submissions }, { wanted: 0, orphans: 0, submissions: 0 });
    assert.ok(p2p.connections.scores <= strangers.length);
  };

  const hellos: readonly [string, string, HelloChange][] = [
    ['another genesis', 'p2p/wrong-chain', { chainId: id() }],
    ['another version', 'p2p/protocol-version', { protocol: 2 }],
  ];
  for (const [name, rule, change] of hellos) {
    it(`is that it is of ${name}: it is told why, and the connection ends`, async () => {
      const { stranger, peer } = await meet(victim);
      stranger.hello(peer, change);
      await until(() => !stranger.isLinked(peer));
      assert.deepEqual(victim.rules(stranger.name), [rule]);
      assert.deepEqual(stranger.heard.at(-1), { kind: 'bye', rule });
      await forgotten(stranger);
    });
  }

  const ping = encodeMessage({ kind: 'ping', nonce: 1 });
  const announcement = encodeMessage({ kind: 'tx-announce', txids: [id()] });
  const frames: readonly [string, string, Uint8Array][] = [
    ['of no known kind', 'p2p/unknown-kind', Uint8Array.of(0xee, 1, 2, 3)],
    ['cut short', 'codec/truncated', ping.subarray(0, ping.length - 1)],
    ['with something behind its end', 'codec/trailing-bytes', Uint8Array.of(...announcement, 0)],
    ['larger than its kind can be', 'p2p/frame-too-large', Uint8Array.of(...ping, ...new Uint8Array(500))],
  ];
  for (const [name, rule, bytes] of frames) {
    it(`is a frame ${name}, which costs points each time, and a ban in the end`, async () => {
      const { stranger, peer } = await meet(victim);
      stranger.hello(peer);
      stranger.frame(peer, bytes);
      await until(() => victim.rules(stranger.name).length > 0);
      assert.deepEqual(victim.rules(stranger.name), [rule]);
      assert.ok(pointsOf(victim, stranger.name) > 0);
      for (let i = 0; i < 50; i++) stranger.frame(peer, bytes);
      await until(() => !stranger.isLinked(peer));
      assert.equal(pointsOf(victim, stranger.name), 100);
      await forgotten(stranger);
    });
  }

  it('is anything before hello, which may come late for once', async () => {
    const { stranger, peer } = await meet(victim);
    stranger.frame(peer, ping);
    stranger.hello(peer);
    await until(() => p2pOf(victim).p2p.peers.size === 1);
    assert.deepEqual(victim.rules(stranger.name), ['p2p/hello-expected']);
    assert.equal(pointsOf(victim, stranger.name), 2);
    await forgotten(stranger);
  });

  it('is another hello; the same one again is passed over', async () => {
    const { stranger, peer } = await meet(victim);
    const nonce = new Uint8Array(8).fill(7);
    for (let i = 0; i < 3; i++) stranger.hello(peer, { nonce });
    stranger.say(peer, { kind: 'ping', nonce: 5 });
    await until(() => stranger.heard.some(({ kind }) => kind === 'pong'));
    assert.deepEqual(victim.rules(stranger.name), []);
    stranger.hello(peer);
    await until(() => victim.rules(stranger.name).length > 0);
    assert.deepEqual(victim.rules(stranger.name), ['p2p/hello-twice']);
    await forgotten(stranger);
  });

  it('is an answer that nobody asked for, such as a replayed one', async () => {
    const { stranger, peer } = await meet(victim);
    stranger.hello(peer);
    const answers: readonly [string, Message][] = [
      ['p2p/pong-unexpected', { kind: 'pong', nonce: 99 }],
      ['p2p/peers-unexpected', { kind: 'peers', addresses: [] }],
      ['p2p/answer-unexpected', { kind: 'transactions', request: 0xffff_ff00, transactions: [] }],
      ['p2p/headers-unasked', { kind: 'headers', request: 0xffff_ff00, headers: [] }],
      ['p2p/body-unasked', { kind: 'body', request: 0xffff_ff00, id: id(), bytes: bodies[0] as Uint8Array }],
      ['p2p/snapshot-unasked', { kind: 'chunk', request: 0xffff_ff00, index: 0, bytes: new Uint8Array(9) }],
    ];
    for (const [i, [, message]] of answers.entries()) {
      stranger.say(peer, message);
      await until(() => victim.rules(stranger.name).length > i);
    }
    assert.deepEqual(
      victim.rules(stranger.name),
      answers.map(([rule]) => rule),
    );
    await forgotten(stranger);
  });

  it('are headers that do not connect, or not with one another', async () => {
    const [first, second, third] = headers as [Header, Header, Header];
    const answers: readonly [string, readonly Header[]][] = [
      ['p2p/headers-not-connected', [{ ...first, parent: id() }]],
      ['p2p/headers-not-connected', [second, third]],
      ['p2p/headers-not-in-row', [first, third]],
      ['p2p/headers-not-in-row', [first, third, second]],
    ];
    for (const [rule, answer] of answers) {
      const { stranger, peer } = await meet(victim);
      answering(stranger, answer);
      stranger.hello(peer, UNPROVED);
      await until(() => victim.rules(stranger.name).length > 0);
      assert.ok(victim.rules(stranger.name).includes(rule), victim.rules(stranger.name).join());
      assert.ok(pointsOf(victim, stranger.name) >= 50);
      await forgotten(stranger);
    }
  });

  it('are bodies of other blocks than those that were asked for; the right ones come from others', async () => {
    const { stranger, peer } = await meet(victim);
    const at = (asked: Uint8Array) =>
      source.node.runner.node.chain.idsAfter(0, 10).map(toHex).indexOf(toHex(asked));
    stranger.hook = (from, frame) => {
      const asked = parseMessage(frame);
      if (!asked.ok) return;
      const { value } = asked;
      if (value.kind === 'headers-request') {
        stranger.say(from, { kind: 'headers', request: value.request, headers });
      }
      if (value.kind !== 'bodies-request') return;
      for (const one of value.ids) {
        const bytes = bodies[(at(one) + 1) % bodies.length] as Uint8Array;
        stranger.say(from, { kind: 'body', request: value.request, id: one, bytes });
      }
    };
    stranger.hello(peer, { ...UNPROVED, features: 15 });
    await until(() => !stranger.isLinked(peer));
    assert.ok(victim.rules(stranger.name).includes('p2p/body-wrong'), victim.rules(stranger.name).join());
    assert.equal(pointsOf(victim, stranger.name), 100);
    await forgotten(stranger);
    assert.equal(victim.node.runner.node.chain.head.height, 0);
    victim.node.network?.dial(source.address);
    await until(() => headOf(victim) === headOf(source));
    victim.node.network?.close(source.address.split('/p2p/')[1] ?? '');
  });

  it('are addresses where nobody is: they are tried, and take no room', async () => {
    const lonely = await open('lonely', false);
    const name = strangers[0]?.name ?? '';
    for (let port = 1; port <= 40; port++) {
      const address = `/ip4/127.0.0.1/tcp/${port}/p2p/${name}`;
      lonely.node.runner.dispatch({ type: 'network', event: { kind: 'discovered', address } });
    }
    lonely.node.runner.dispatch({
      type: 'network',
      event: { kind: 'discovered', address: '/ip4/nowhere/tcp/x' },
    });
    const { p2p } = p2pOf(lonely);
    assert.ok(p2p.connections.book.known <= 40);
    lonely.node.network?.dial(source.address);
    await until(() => headOf(lonely) === headOf(source));
    assert.deepEqual(
      p2p.connections.connected(p2pOf(lonely).nowMs).map(({ address }) => address),
      [source.address],
    );
    assert.deepEqual(p2p.connections.book.reached, 1);
  });
});

describe('a machine that the owner has banned', () => {
  it('is not answered at all, until it may come back', async () => {
    const { node, address } = await open('owner', false);
    const client = new RpcClient({ url: node.url });
    assert.match(await greet(address, '127.0.0.9'), /multistream/);
    assert.ok((await client.call('net_ban', { target: '127.0.0.9' })).ok);
    assert.equal(await greet(address, '127.0.0.9'), '');
    assert.match(await greet(address, '127.0.0.8'), /multistream/);
    assert.ok((await client.call('net_unban', { target: '127.0.0.9' })).ok);
    assert.match(await greet(address, '127.0.0.9'), /multistream/);
  });
});

describe('a snapshot with one wrong byte', () => {
  it('is refused from who sends it, and taken from who has it right', async () => {
    const source = await open('snapshot-source', true);
    for (let half = 0; half < 2; half++) await mine(source, SNAPSHOT_BLOCKS / 2);
    const joining = await open('joining', false, 'snapshot');
    // It passes on what the two nodes say to one another, but for one byte.
    const { stranger, peer } = await meet(joining);
    const early: Uint8Array[] = stranger.heard.map(encodeMessage);
    let toNode: string | undefined;
    stranger.hook = (from, frame) => {
      if (from === peer) {
        if (toNode === undefined) early.push(frame);
        else pass(toNode, frame);
      } else pass(peer, frame);
    };
    const pass = (to: string, frame: Uint8Array): void => {
      const said = parseMessage(frame);
      if (!said.ok) return;
      const { kind } = said.value;
      const isBent = kind === 'chunk' && said.value.bytes.length > 0;
      const at = frame.length - 1;
      stranger.frame(to, isBent ? frame.with(at, (frame[at] as number) ^ 1) : frame, laneOf(kind));
    };
    toNode = await stranger.link(source.address);
    for (const frame of early) pass(toNode, frame);
    await until(() => joining.rules(stranger.name).length > 0);
    const [rule = ''] = joining.rules(stranger.name);
    assert.match(rule, /^state\/snapshot-/);
    assert.ok(pointsOf(joining, stranger.name) > 0);
    await stranger.leave();
    joining.node.network?.dial(source.address);
    await until(() => headOf(joining) === headOf(source));
    assert.ok(joining.node.runner.node.chain.storage.statesFrom >= 500, 'it began with the snapshot');
    assert.deepEqual(joining.rules(source.address.split('/p2p/')[1] ?? ''), []);
  });
});
