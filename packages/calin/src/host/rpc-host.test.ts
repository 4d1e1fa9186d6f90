import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AUTHORITY, TestNode } from '@calin/core/node/test-node.testing.ts';
import { dispatch } from '@calin/core/rpc/dispatch.ts';
import { devSpec } from '@calin/core/spec/presets.ts';
import { CoinsLost } from '@calin/core/state/whole-coin-map.ts';
import { createRpcHost, noHostMethods } from './rpc-host.ts';

const spec = devSpec({ authority: AUTHORITY.publicKey, genesisTimeMs: 1_700_000_000_000, allocations: [] });
const log = { write: () => {} };

describe('what a call over RPC throws', () => {
  test('ends the node when it was thrown half way through a step', (t) => {
    const raised: (() => void)[] = [];
    t.mock.method(globalThis, 'setImmediate', (callback: () => void) => raised.push(callback));
    const sign = () => {
      throw new Error('a bug');
    };
    const { node, runner } = new TestNode({ spec, sign });
    const host = createRpcHost(node, runner, noHostMethods, log);
    let answer = '';
    dispatch('{"jsonrpc":"2.0","id":1,"method":"dev_mine","params":{}}', host, (text) => {
      answer = text ?? '';
    });
    assert.match(answer, /-32603/);
    assert.equal(raised.length, 1, 'the error is thrown again where nobody catches it');
    assert.throws(() => raised[0]?.(), /a bug/);
  });

  test('ends the node when the coins in memory are lost, and not when a handler has a bug', (t) => {
    const raised: (() => void)[] = [];
    t.mock.method(globalThis, 'setImmediate', (callback: () => void) => raised.push(callback));
    const { node, runner } = new TestNode({ spec });
    const host = createRpcHost(node, runner, noHostMethods, log);
    host.failed?.(new Error('a bug'));
    assert.equal(raised.length, 0);
    host.failed?.(new CoinsLost('lost'));
    assert.throws(() => raised[0]?.(), CoinsLost);
  });
});
