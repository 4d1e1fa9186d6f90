import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { assertForEverybody, buildPages, noBrowser, TestBrowser } from './browser.testing.ts';
import { type RunningDev, rpc, Workplace } from './calin.testing.ts';

/** Changes that the lab proposes, and the rule that each meets on a chain of one authority. */
const CHANGES = [
  ['Cut off the last byte', 'codec/truncated'],
  ['Name another version', 'codec/unknown-tag'],
  ['Name another parent', 'chain/parent-unknown'],
  ['Date it a day ahead', 'chain/time-too-far'],
  ['Date it back', 'consensus/time-not-later'],
  ['Make it out of turn', 'consensus/wrong-producer'],
  ['Change the header, keep the seal', 'consensus/seal-invalid'],
  ['Pay more than was signed', 'block/tx-root-mismatch'],
  ['Put the reward last', 'block/reward-shape'],
  ['Spend a coin in two payments', 'tx/coin-spent'],
  ['Pay more than there is', 'tx/native-overspent'],
  ['Turn a payment to another address', 'tx/signature-invalid'],
  ['Count the gas wrong', 'block/gas-used-mismatch'],
  ['Take a larger reward', 'block/reward-amount'],
  ['Claim another state', 'block/state-root-mismatch'],
] as const;

describe('the tamper lab', { skip: noBrowser }, () => {
  const place = new Workplace();
  let node: RunningDev;
  let browser: TestBrowser;
  let page: Page;

  before(async () => {
    buildPages();
    node = await place.start();
    browser = await TestBrowser.start();
    for (const amount of ['7.25', '2']) {
      await place.json(['send', '--from', 'dev0', '--to', 'dev1', '--amount', amount]);
    }
    await rpc(node.url, 'dev_mine', { blocks: 1 });
    page = await browser.open(`${node.url}/lab`);
  });
  after(async () => {
    await browser?.close();
    place.close();
  });

  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  /** Waits until a node says this of the block. */
  const says = (rule: string) => page.locator(`[data-rule="${rule}"]`).waitFor();

  test('a real block of the chain lies on the table, and every rule holds', async () => {
    // The newest block with a payment, which is not the head.
    await page.getByRole('link', { name: 'block 2', exact: true }).waitFor();
    await page.getByText('This is the block as the node has it').waitFor();
  });

  test('fifteen kinds of change are refused by fifteen rules, each with its place', async () => {
    const docs = await (await fetch(`${node.url}/docs/reference/rules`)).text();
    for (const [title, rule] of CHANGES) {
      await page.getByRole('button', { name: new RegExp(`^${title}`) }).click();
      await says(rule);
      const places = page.getByText(/^packages\/core\/src\/.+\.ts$/);
      assert((await places.count()) > 0, `${rule} is nowhere in the code`);
      assert.equal(await page.locator(`a[href="/docs/reference/rules#${rule}"]`).count(), 1);
      assert(docs.includes(`id="${rule}"`), `${rule} is nowhere in the docs`);
    }
    assert.equal(new Set(CHANGES.map(([, rule]) => rule)).size, CHANGES.length);
    await page.getByText('expected', { exact: true }).waitFor();
    await page.getByText(`${CHANGES.length} of 27 tried`).waitFor();
    await press('Begin again');
    await page.getByText('This is the block as the node has it').waitFor();
  });

  test('what is written into a field is refused, repaired, and refused for the next thing, until it is a fork', async () => {
    await page.locator('[data-path="tx.1.output.0.amount"]').click();
    await page.getByLabel('output 0: amount').fill('100000000');
    await press('Write it');
    await says('block/tx-root-mismatch');
    const repairs = [
      ['Write the transaction root that is expected', 'consensus/seal-invalid'],
      ['Seal it again', 'tx/signature-invalid'],
      ['Sign the transaction again', 'consensus/seal-invalid'],
    ] as const;
    await press(repairs[0][0]);
    await says(repairs[0][1]);
    await press(repairs[1][0]);
    await says(repairs[1][1]);
    await press(repairs[2][0]);
    // The signature is part of what the root commits to.
    await says('block/tx-root-mismatch');
    await press('Repair all that follows');
    await page.getByText('Valid, and another block').waitFor();
    const steps = await page.getByRole('list', { name: 'Steps' }).textContent();
    for (const rule of ['block/reward-amount', 'block/receipt-root-mismatch', 'block/state-root-mismatch']) {
      assert(steps?.includes(rule), `${rule} was not met: ${steps}`);
    }
    await press('Undo');
    await says('consensus/seal-invalid');
    await press('Begin again');
  });

  test('a byte is changed in the bytes, and its field follows', async () => {
    await page.locator('[data-path="header.parent"]').click();
    await page.getByRole('button', { name: /^Byte 40: / }).click();
    await page.getByRole('textbox', { name: 'Byte 40' }).fill('00');
    await press('Write the byte');
    await says('chain/parent-unknown');
    await page.getByText('parent · changed').waitFor();
    await page.locator('[data-path="header.height"]').click();
    await page.getByRole('textbox', { name: /^height bytes/ }).fill('a few');
    await press('Write it');
    await page.getByText('The text is no value of this field.').waitFor();
  });

  test('a link names a change, and a block page leads here', async () => {
    await page.goto(`${node.url}/lab/1?try=gas`);
    await says('block/gas-used-mismatch');
    await page.goto(`${node.url}/block/1`);
    await page.getByRole('link', { name: 'Take it to the lab' }).click();
    await page.getByText('This is the block as the node has it').waitFor();
    await page.goto(`${node.url}/lab/0`);
    await page.getByText('lab/genesis').waitFor();
    await page.goto(`${node.url}/lab/999`);
    await page.getByText('rpc/block-unknown').waitFor();
  });

  test('the lab can be used by everybody, in light, dark and narrow', async () => {
    await page.goto(`${node.url}/lab/2?try=state-root`);
    await says('block/state-root-mismatch');
    await assertForEverybody(page, 'the lab');
    assert.deepEqual(browser.faults, []);
  });
});
