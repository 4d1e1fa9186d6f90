import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { checkAccess, isLocalCall, isLoopbackName } from './access.ts';

const LOOPBACK = { loopback: true, allowedOrigins: ['https://wallet.example'] };
const OPEN = { loopback: false, allowedOrigins: ['https://wallet.example'] };

test('on loopback only the names of this machine are served', () => {
  for (const host of [
    '127.0.0.1:9545',
    'localhost',
    'LOCALHOST:1',
    '[::1]:9545',
    'node.localhost:9545',
    '127.8.9.1',
  ]) {
    assert(checkAccess({ host }, LOOPBACK).ok, host);
  }
  const foreign = [
    'evil.example:9545',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    '',
    'localhost@evil.example',
    'a b',
  ];
  for (const host of foreign) assert.equal(ruleOf({ host }, LOOPBACK), 'server/foreign-host', host);
  assert.equal(ruleOf({}, LOOPBACK), 'server/foreign-host');
});

test('a server for others takes any host name, as a proxy or a container network may give it', () => {
  assert(checkAccess({ host: 'node-1:9545' }, OPEN).ok);
});

test('pages of the server itself, and those that were allowed, may call it', () => {
  assert(checkAccess({ host: '127.0.0.1:9545', origin: 'http://127.0.0.1:9545' }, LOOPBACK).ok);
  assert(checkAccess({ host: 'localhost:9545', origin: 'https://wallet.example' }, LOOPBACK).ok);
  assert(checkAccess({ host: '192.168.1.7:9545', origin: 'http://192.168.1.7:9545' }, OPEN).ok);
  assert(
    checkAccess(
      { host: '127.0.0.1', origin: 'https://any.example' },
      { loopback: true, allowedOrigins: ['*'] },
    ).ok,
  );
});

test('pages from elsewhere may not', () => {
  const host = '127.0.0.1:9545';
  const origins = [
    'https://evil.example',
    'null',
    'http://127.0.0.1:9546',
    'https://127.0.0.1:9545',
    'http://localhost:9545',
    'https://wallet.example.evil.example',
    'http://wallet.example',
  ];
  for (const origin of origins)
    assert.equal(ruleOf({ host, origin }, LOOPBACK), 'server/foreign-origin', origin);
});

test('a page that turned its own name to this machine is a foreign one', () => {
  const headers = { host: 'evil.example:9545', origin: 'http://evil.example:9545' };
  assert.equal(ruleOf(headers, OPEN), 'server/foreign-origin');
  assert.equal(ruleOf(headers, LOOPBACK), 'server/foreign-host');
});

test('a name that begins like a loopback address is none', () => {
  assert(isLoopbackName('::1'));
  assert(!isLoopbackName('127.evil.example'));
  assert(!isLoopbackName('0.0.0.0'));
});

function ruleOf(...args: Parameters<typeof checkAccess>): string | undefined {
  const result = checkAccess(...args);
  return result.ok ? undefined : result.error.rule;
}

test('a call is the owner’s when it comes from this machine and from nobody behind it', () => {
  const call = (remoteAddress: string | undefined, headers: IncomingHttpHeaders = {}) =>
    isLocalCall({ headers, socket: { remoteAddress } as Socket });
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
    assert.equal(call(address), true, address);
  for (const address of ['10.0.0.1', '5.6.7.8', '::ffff:5.6.7.8', '2a01::1', '', undefined]) {
    assert.equal(call(address), false, address);
  }
  for (const header of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
    assert.equal(call('127.0.0.1', { [header]: '5.6.7.8' }), false, header);
  }
});
