import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '@calin/core/base/bytes.ts';
import { grown, signedHistory } from '@calin/core/chain/chain.testing.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { parseBlock } from '@calin/core/primitives/block.ts';
import fc from 'fast-check';
import { changedFields, type Field, fieldAt, fieldText, findField, layoutBlock } from './block-fields.ts';
import { flipBit, parseFieldText, withByte, withField } from './edit-bytes.ts';
import { labSession } from './lab.testing.ts';

const PREFIX = 'dcal';
const { bytes } = labSession('pow').facts;
const fieldsOf = (block: Uint8Array): readonly Field[] =>
  layoutBlock(block).groups.flatMap(({ fields }) => fields);

test('the fields of blocks with every lock and action cover all their bytes, each once', () => {
  for (const block of grown(signedHistory(1), 6, 8)) {
    const layout = layoutBlock(block.bytes);
    assert.equal(layout.end, block.bytes.length);
    let end = 0;
    for (const field of fieldsOf(block.bytes)) {
      assert.equal(field.start, end, field.path);
      end = field.end;
    }
    assert.equal(end, block.bytes.length);
    assert.equal(layout.groups.length, 1 + block.transactions.length);
  }
});

test('fields say what the block says', () => {
  const layout = layoutBlock(bytes);
  const block = parseBlock(bytes, new Uint8Array(32));
  assert(block.ok);
  const { header, transactions } = block.value;
  const text = (path: string) => {
    const field = findField(layout, path);
    return field === undefined ? undefined : fieldText(bytes, field, PREFIX);
  };
  assert.equal(text('header.height'), String(header.height));
  assert.equal(text('header.timeMs'), String(header.timeMs));
  assert.equal(text('header.stateRoot'), toHex(header.stateRoot));
  assert.equal(text('header.producer'), formatAddress(header.producer, PREFIX));
  assert.equal(text('header.seal'), toHex(header.seal));
  const payment = transactions[1];
  assert.equal(text('tx.1.output.1.amount'), String(payment?.outputs[1]?.amount));
  assert.equal(text('tx.1.input.0.txid'), toHex(payment?.inputs[0]?.txid ?? new Uint8Array(0)));
  assert.equal(
    text('tx.1.witness.0.signature.0'),
    toHex(payment?.witnesses[0]?.signatures[0] ?? new Uint8Array(0)),
  );
  assert.equal(text('tx.7.version'), undefined);
});

test('each field can be written as it is shown, and another value changes that field alone', () => {
  for (const field of fieldsOf(bytes)) {
    const text = fieldText(bytes, field, PREFIX);
    const value = parseFieldText(text, field, PREFIX);
    assert(value.ok, field.path);
    assert.equal(toHex(value.value), toHex(bytes.subarray(field.start, field.end)), field.path);
    assert.equal(fieldAt(layoutBlock(bytes), field.start)?.path, field.path);
  }
  const changed = withField(bytes, 'header.gasUsed', '7', PREFIX);
  assert(changed.ok);
  assert.deepEqual([...changedFields(layoutBlock(changed.value), changed.value, bytes)], ['header.gasUsed']);
  const flipped = flipBit(bytes, 'header.parent');
  assert(flipped.ok);
  assert.deepEqual([...changedFields(layoutBlock(flipped.value), flipped.value, bytes)], ['header.parent']);
});

test('what is no value of a field is refused', () => {
  const cases = [
    ['header.height', '4294967296', 'lab/value'],
    ['header.height', '-1', 'lab/value'],
    ['header.gasUsed', '1.5', 'lab/value'],
    ['header.parent', 'abc', 'lab/value'],
    ['header.parent', 'zz'.repeat(32), 'lab/value'],
    ['header.producer', 'dcal1nonsense', 'codec/address'],
    ['tx.9.version', '1', 'lab/field-gone'],
  ] as const;
  for (const [path, text, rule] of cases) {
    const changed = withField(bytes, path, text, PREFIX);
    assert.equal(changed.ok ? 'ok' : changed.error.rule, rule, `${path} ${text}`);
  }
});

test('fields of any bytes are told without a fault, and never overlap', () => {
  const offset = fc.integer({ min: 0, max: bytes.length - 1 });
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(offset, byte), { maxLength: 6 }),
      fc.integer({ min: 0, max: bytes.length }),
      (edits, length) => {
        const changed = edits
          .reduce((block, [at, value]) => withByte(block, at, value), bytes)
          .subarray(0, length);
        let end = 0;
        for (const field of fieldsOf(changed)) {
          assert.equal(field.start, end);
          assert(field.end > field.start && field.end <= length);
          end = field.end;
        }
      },
    ),
    { numRuns: 300 },
  );
});
