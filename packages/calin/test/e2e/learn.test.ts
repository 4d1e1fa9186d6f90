import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { assertForEverybody, buildPages, noBrowser, TestBrowser } from './browser.testing.ts';
import { type RunningDev, Workplace } from './calin.testing.ts';

/** What to do in one step of a lesson: the region of the step is given. */
type Doing = (step: Locator) => Promise<void>;

/** Every lesson with its steps, each done as a reader would. */
const LESSONS: Readonly<Record<string, Readonly<Record<string, Doing>>>> = {
  hash: {
    'A text becomes a number': (step) => step.getByLabel('Text').fill('Calix'),
    'One bit changes half of them': async (step) => {
      for (const bit of ['Bit 1 of letter 1', 'Bit 8 of letter 3', 'Bit 4 of letter 5'])
        await step.getByRole('button', { name: bit }).click();
      await step.getByText(/^\d+ of 256 bits are others/).waitFor();
    },
    'Each use has a hash of its own': (step) => press(step, 'header', 'coin'),
    'Question: what does a zero cost?': async (step) => {
      await press(step, 'Find 4');
      await step.getByRole('row').nth(1).waitFor();
      await press(step, 'Find 16');
    },
  },
  block: {
    'The name of a block is its hash': async (step) => {
      await press(step, 'Hash the header');
      await step.getByText('Worked out here: the same').waitFor();
    },
    'Another field, another block': async (step) => {
      await press(step, 'Time: one more', 'Root of the state: turn over a bit');
      await step.getByText('Id of this header: another one').waitFor();
      await press(step, 'As it was');
      await step.getByText('Id of this header: the same').waitFor();
    },
    'The header stands for the transactions': async (step) => {
      await press(step, 'Work out the root');
      await step.getByText('Worked out here: the same').waitFor();
      await step.getByRole('checkbox').first().uncheck();
      await step.getByText('Worked out here: another one').waitFor();
    },
    'Question: what was changed?': async (step) => {
      for (const field of ['Height', 'Time', 'Gas used', 'Base fee']) {
        await press(step, `${field}: one less`);
        if (await step.getByText('Id of this header: the same').isVisible()) return;
        await press(step, `${field}: one more`);
      }
      assert.fail('none of the numbers was the one that was changed');
    },
  },
  chain: {
    'Three blocks': (step) => press(step, 'Make a block', 'Make a block', 'Make a block'),
    'One second breaks it': async (step) => {
      await press(step, 'Block 1 a second later');
      await step.getByText('consensus/work-missing').waitFor();
      await step.getByText('Names a block that is not there.').waitFor();
      await step.getByText('Follows a block that does not hold.').waitFor();
    },
    'All work after it has to be done again': (step) =>
      press(step, 'Redo block 1', 'Redo block 2', 'Redo block 3'),
    'Question: will anybody take it?': async (step) => {
      await press(step, 'Give the node your branch');
      await step.getByText(/stays where it is/).waitFor();
      await press(step, 'Find one more block on your branch', 'Give the node your branch');
      await step.getByText(/took back 3 blocks/).waitFor();
    },
  },
  signature: {
    'A key is a number': (step) => press(step, 'Make a key'),
    'What was signed stays as it is': async (step) => {
      await press(step, 'Sign');
      await step.getByText('The signature fits the message.').waitFor();
      await step.getByLabel('Message').fill('I owe you 90 CALIN.');
      await step.getByText('The signature does not fit this message.').waitFor();
    },
    'Nearly right is wrong': async (step) => {
      await press(step, 'Turn over a bit', 'Check');
      await step.getByText(/turned over it does not fit/).waitFor();
    },
    'Question: what does the ledger take?': async (step) => {
      await press(step, 'Let it pay you instead of the shop');
      await step.getByText('tx/signature-invalid').waitFor();
      await press(step, 'Spend the coin with a signature of your own');
      await step.getByText('tx/witness-missing').waitFor();
      await press(step, 'Send it as its owner has signed it');
    },
  },
  coin: {
    'Coins are spent whole': async (step) => {
      await step.getByRole('checkbox', { name: '2 CALIN' }).check();
      await press(step, 'Sign and pay the shop');
      await step.getByText('wallet/insufficient-funds').waitFor();
      await step.getByRole('checkbox', { name: '3 CALIN' }).check();
      await press(step, 'Sign and pay the shop');
      await step.getByText(/^It is in block 1\. The fee was/).waitFor();
    },
    'And only once': async (step) => {
      await press(step, 'Pay the shop 4 CALIN with the coin of 5', 'Sign the same coin over to yourself');
      await step.getByText('tx/coin-missing').waitFor();
    },
    'Nothing comes from nothing': async (step) => {
      await press(step, 'Pay yourself 50 CALIN');
      await step.getByText('tx/native-overspent').waitFor();
    },
    'Question: how many coins do you have?': async (step) => {
      for (const name of ['5 CALIN', '3 CALIN', '2 CALIN'])
        await step.getByRole('checkbox', { name }).check();
      await press(step, 'Pay all of it to yourself');
    },
  },
  consensus: {
    'In turn': async (step) => {
      const text = await step.getByText(/it is the turn of/).textContent();
      const owner = /turn of (\w)/.exec(text ?? '')?.[1];
      assert(owner !== undefined);
      await press(step, `${owner === 'A' ? 'B' : 'A'} makes a block`);
      await step.getByText('consensus/wrong-producer').waitFor();
      await press(step, `${owner} makes a block`);
    },
    'By work': (step) => press(step, 'Find 10 blocks', 'Find 10 blocks'),
    'By votes': (step) => press(step, 'A votes red', 'B votes red', 'C votes red'),
    'Question: how many may lie?': async (step) => {
      await press(step, 'A votes red', 'B votes red', 'C votes red', 'B votes blue', 'D votes blue');
      await step.getByText('consensus/certificate-weight').waitFor();
      await press(step, 'C votes blue');
      assert.equal(await step.getByText('has lied', { exact: true }).count(), 2);
    },
  },
  fork: {
    'Two heads': (step) => press(step, 'Cut the wire', 'A finds a block', 'B finds a block'),
    'The branch with more work wins': (step) =>
      press(step, 'Cut the wire', 'A finds a block', 'B finds a block', 'Join the wire', 'B finds a block'),
    'A payment comes back': async (step) => {
      await press(step, 'Cut the wire', 'At A: 4 CALIN to the shop', 'A finds a block');
      await step.getByText('A: in a block').waitFor();
      await press(step, 'B finds a block', 'B finds a block', 'Join the wire');
      await step.getByText('A: waiting').waitFor();
      await press(step, 'A finds a block');
    },
    'Question: when is a payment sure?': async (step) => {
      await press(step, 'Cut the wire', 'At A: 4 CALIN to the shop', 'A finds a block');
      await press(step, 'At B: The same coin back to yourself', 'B finds a block', 'B finds a block');
      await press(step, 'Join the wire');
      await step.getByText('tx/coin-missing').waitFor();
    },
  },
};

const TOOLS = ['hash', 'merkle', 'signature', 'address'];

describe('lessons and playgrounds', { skip: noBrowser }, () => {
  const place = new Workplace();
  let node: RunningDev;
  let browser: TestBrowser;
  /** What the lessons say to read. */
  const urls = new Set<string>();

  before(async () => {
    buildPages();
    node = await place.start();
    browser = await TestBrowser.start();
    await place.json(['send', '--from', 'dev0', '--to', 'dev1', '--amount', '7.25']);
  });
  after(async () => {
    await browser?.close();
    place.close();
  });

  const open = (path: string) => browser.open(`${node.url}${path}`);

  test('all lessons can be done, and the browser remembers it', async () => {
    const page = await open('/learn');
    await page.getByRole('link', { name: 'Hash', exact: true }).first().click();
    for (const [i, [id, steps]] of Object.entries(LESSONS).entries()) {
      await page.waitForURL(`**/learn/${id}`);
      for (const [title, doing] of Object.entries(steps)) {
        const step = page.getByRole('region', { name: title });
        await step.getByText('To do').waitFor();
        await doing(step);
        await step.getByText('Done', { exact: true }).waitFor();
      }
      await page.getByText('4 of 4 steps done').waitFor();
      for (const link of await page.locator('main a[href^="/docs"]').all())
        urls.add((await link.getAttribute('href')) ?? '');
      await assertForEverybody(page, id);
      const isLast = i === Object.keys(LESSONS).length - 1;
      await page.getByRole('link', { name: isLast ? 'All lessons' : /^Next/ }).click();
    }
    await page.reload();
    await page.getByRole('list', { name: 'Lessons' }).getByText('4 of 4 steps').nth(6).waitFor();
    await page.getByRole('button', { name: 'Forget it' }).click();
    await page.getByRole('list', { name: 'Lessons' }).getByText('0 of 4 steps').nth(6).waitFor();
    await page.getByRole('link', { name: 'Tamper lab' }).click();
    await page.waitForURL('**/lab');
    await page.goto(`${node.url}/learn/nothing`);
    await page.getByText('There is no lesson of this name.').waitFor();
    await page.close();
  });

  test('a browser that keeps nothing shows what was done until it is left', async () => {
    const page = await open('/learn');
    await page.addInitScript(
      "Object.defineProperty(window, 'localStorage', { get() { throw new Error('kept from it'); } })",
    );
    await page.goto(`${node.url}/learn/signature`);
    const step = page.getByRole('region', { name: 'A key is a number' });
    await press(step, 'Make a key');
    await step.getByText('Done', { exact: true }).waitFor();
    await page.getByText('1 of 4 steps done').waitFor();
    await page.close();
  });

  test('hashes, trees, signatures and addresses can be tried, and what is wrong is refused', async () => {
    const page = await open('/playground');
    await page.getByLabel('Input as').selectOption('hex');
    await page.getByText(/^Hexadecimal text is pairs/).waitFor();
    await page.getByLabel('Bytes in hexadecimal').fill('00 ff');
    await page.getByText('BLAKE3 of 2 bytes as message').waitFor();
    await page.getByRole('link', { name: 'Merkle tree' }).click();
    await page.getByText('Proved: 3 steps end at the root.').waitFor();
    await page.getByRole('button', { name: /^Leaf 5/ }).click();
    await page.getByText('Proved: one step ends at the root.').waitFor();
    for (const fault of ['another leaf', 'another sibling', 'another place', 'a sibling too few']) {
      await page.getByLabel('Spoil the proof with').selectOption(fault);
      await page.getByText(/^Refused: /).waitFor();
    }
    await page.getByRole('link', { name: 'Signature' }).click();
    await page.getByText('By ZIP-215 the signature fits').waitFor();
    await page.getByRole('button', { name: 'Turn over a bit of the signature' }).click();
    await page.getByText('wallet/message-signature').waitFor();
    await page.getByRole('button', { name: 'Sign the message' }).click();
    await page.getByText('By ZIP-215 the signature fits').waitFor();
    await page.getByLabel('Message').fill('I was not here.');
    await page.getByText('wallet/message-signature').waitFor();
    await page.getByRole('button', { name: 'A key of small order' }).click();
    await page.getByText('By ZIP-215 the signature fits').waitFor();
    await page.getByText(/^This key is no point of the curve, or one of small order/).waitFor();
    await page.getByRole('link', { name: 'Address' }).click();
    await page.getByText('This is an address of the network.').waitFor();
    await page.getByRole('button', { name: 'Mistype a letter' }).click();
    await page.getByText('codec/address').waitFor();
    await page.close();
  });

  test('the pages around the lessons can be used by everybody, in light, dark and narrow', async () => {
    const page = await open('/learn');
    for (const path of ['/learn', ...TOOLS.map((tool) => `/playground/${tool}`)]) {
      await page.goto(`${node.url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await assertForEverybody(page, path);
    }
    await page.close();
  });

  test('what the lessons say to read is there', async () => {
    assert(urls.size >= 4, `${urls.size} documents`);
    for (const url of urls) assert.equal((await fetch(`${node.url}${url}`)).status, 200, url);
  });

  test('no page has failed or tried what its policy forbids', () => {
    assert.deepEqual(browser.faults, []);
  });
});

/** Presses buttons of a step, one after the other. */
async function press(step: Locator, ...names: readonly string[]): Promise<void> {
  for (const name of names) await step.getByRole('button', { name, exact: true }).click();
}
