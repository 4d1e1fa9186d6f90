import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { multiaddr } from '@multiformats/multiaddr';
import { excessConnections } from './idle-connections.ts';
import {
  CONNECTIONS_A_SECOND_MAX,
  CONNECTIONS_MAX,
  IDLE_CONNECTIONS_MAX,
  LINKS_MAX,
  SWEEP_INTERVAL_MS,
} from './limits.ts';

function connection(host: string, openMs: number, direction: 'inbound' | 'outbound' = 'inbound') {
  const remoteAddr = multiaddr(`/ip4/${host}/tcp/${1000 + openMs}`);
  return { direction, remoteAddr, timeline: { open: openMs } };
}

const never = () => false;

describe('connections without a link', () => {
  it('are left alone while there are few, and so are links and what this node has opened', () => {
    const few = Array.from({ length: IDLE_CONNECTIONS_MAX }, (_, i) => connection('192.0.2.7', i));
    assert.deepEqual(excessConnections(few, never), []);
    const many = Array.from({ length: 200 }, (_, i) => connection('192.0.2.7', i));
    assert.deepEqual(
      excessConnections(many, () => true),
      [],
    );
    const own = Array.from({ length: 200 }, (_, i) => connection('192.0.2.7', i, 'outbound'));
    assert.deepEqual(excessConnections(own, never), []);
  });

  it('cost the host that has most of them its oldest', () => {
    const greedy = Array.from({ length: IDLE_CONNECTIONS_MAX }, (_, i) => connection('192.0.2.7', 100 + i));
    const others = Array.from({ length: 10 }, (_, i) => connection(`198.51.100.${i}`, i));
    const closed = excessConnections([...others, ...greedy], never);
    assert.deepEqual(closed, greedy.slice(0, 10));
  });

  it('leave room in the table until they are looked at again', () => {
    const meanwhile = (CONNECTIONS_A_SECOND_MAX * SWEEP_INTERVAL_MS) / 1000;
    assert.ok(IDLE_CONNECTIONS_MAX + LINKS_MAX + meanwhile <= CONNECTIONS_MAX);
  });
});
