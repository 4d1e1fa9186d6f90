import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { carriedIp, formatIp, ipPrefix, isPublicIp, parseIp } from './ip.ts';

function ipOf(text: string): Uint8Array {
  const ip = parseIp(text);
  assert.ok(ip !== undefined, text);
  return ip;
}

describe('text of IP addresses', () => {
  test('version 6 is written as RFC 5952, section 4, asks', () => {
    for (const [written, expected] of [
      ['2001:0db8::0001', '2001:db8::1'],
      ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
      ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
      ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
      ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
      ['2001:DB8::ABCD', '2001:db8::abcd'],
      ['::', '::'],
      ['::1', '::1'],
      ['fe80::', 'fe80::'],
      ['::ffff:1.2.3.4', '::ffff:102:304'],
    ] as const) {
      assert.equal(formatIp(ipOf(written)), expected);
    }
  });

  test('what is no address is refused', () => {
    for (const text of [
      '',
      '1.2.3',
      '1.2.3.4.5',
      '1.2.3.256',
      '01.2.3.4',
      '1.2.3.+4',
      '1.2.3.4 ',
      ':',
      ':::',
      '1::2::3',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:7::8',
      '12345::',
      'g::',
      '::1.2.3',
      '1.2.3.4::',
      '::1.2.3.4:5',
    ]) {
      assert.equal(parseIp(text), undefined, text);
    }
  });

  test('every address is read back from its text', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc
        .array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 })
        .map((list) => Uint8Array.from(list)),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
    );
    fc.assert(fc.property(bytes, (ip) => assert.deepEqual(parseIp(formatIp(ip)), ip)));
  });
});

test('a prefix keeps the first bits and nothing else', () => {
  assert.equal(formatIp(ipPrefix(ipOf('255.255.255.255'), 16)), '255.255.0.0');
  assert.equal(formatIp(ipPrefix(ipOf('255.255.255.255'), 13)), '255.248.0.0');
  assert.equal(formatIp(ipPrefix(ipOf('255.255.255.255'), 32)), '255.255.255.255');
  assert.equal(formatIp(ipPrefix(ipOf('2a01:4f8:c2c:1:2:3:4:5'), 64)), '2a01:4f8:c2c:1::');
  assert.equal(formatIp(ipPrefix(ipOf('2a01:4f8:c2c:1:2:3:4:5'), 33)), '2a01:4f8::');
});

test('special-purpose blocks are not public', () => {
  const special = [
    ...['0.1.2.3', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.1.1', '172.16.0.1', '172.31.255.255'],
    ...[
      '192.0.2.1',
      '192.168.1.1',
      '198.18.0.1',
      '198.51.100.1',
      '203.0.113.1',
      '224.0.0.1',
      '255.255.255.255',
    ],
    ...['::', '::1', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1', '2001:db8::1', '2001:2::1', '3fff::1'],
  ];
  for (const text of special) assert.equal(isPublicIp(ipOf(text)), false, text);
  for (const text of [
    '1.1.1.1',
    '100.128.0.1',
    '172.32.0.1',
    '192.0.3.1',
    '223.255.255.1',
    '2a01::1',
    '2606:4700::1',
  ]) {
    assert.equal(isPublicIp(ipOf(text)), true, text);
  }
});

test('IPv6 that carries IPv4 counts as that', () => {
  for (const text of ['::ffff:5.6.7.8', '64:ff9b::5.6.7.8', '2002:506:708::1']) {
    assert.equal(formatIp(carriedIp(ipOf(text))), '5.6.7.8', text);
  }
  assert.equal(formatIp(carriedIp(ipOf('2a01::1'))), '2a01::1');
  assert.equal(isPublicIp(carriedIp(ipOf('::ffff:127.0.0.1'))), false, 'no way around the special blocks');
});
