import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METHODS } from './methods.ts';
import { isRoleEnough, roleOf } from './roles.ts';

test('each role is enough for itself and what is below it', () => {
  assert(isRoleEnough('admin', 'submit') && isRoleEnough('read', 'read') && isRoleEnough('submit', 'none'));
  assert(
    !isRoleEnough('none', 'read') && !isRoleEnough('read', 'submit') && !isRoleEnough('submit', 'admin'),
  );
});

test('what changes something takes more than reading', () => {
  const roles = Object.values(METHODS).map((method) => [method.name, roleOf(method)] as const);
  const withRole = (role: string) => roles.filter(([, needed]) => needed === role).map(([name]) => name);
  assert.deepEqual(
    withRole('submit').filter((name) => !name.startsWith('dev_')),
    ['tx_submit'],
  );
  assert.deepEqual(withRole('admin'), [
    'index_rebuild',
    'net_peers',
    'net_bans',
    'net_ban',
    'net_unban',
    'net_addPeer',
  ]);
  assert.deepEqual(withRole('none'), []);
});
