import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { assertForEverybody, buildPages, noBrowser, TestBrowser } from './browser.testing.ts';
import { type RunningDev, Workplace } from './calin.testing.ts';

const RUN = '1_calm_poa_6_3_40';

describe('the simulator in a page', { skip: noBrowser }, () => {
  const place = new Workplace();
  let node: RunningDev;
  let browser: TestBrowser;
  /** Another profile, where nothing of the first one is known. */
  let stranger: TestBrowser;
  let link = '';
  let linked = '';

  before(async () => {
    buildPages();
    node = await place.start();
    browser = await TestBrowser.start();
    stranger = await TestBrowser.start();
  });
  after(async () => {
    await browser?.close();
    await stranger?.close();
    place.close();
  });

  test('runs to the hash that the command line ends with', async () => {
    const page = await browser.open(`${node.url}/simulator?run=${RUN}`);
    await page.getByRole('button', { name: 'Next block' }).click();
    await page.getByRole('button', { name: 'To the end' }).click();
    await page.getByText('judged at the end of the run').waitFor();
    const args = ['sim', 'calm', '--consensus', 'poa', '--nodes', '6', '--seed', '3', '--duration', '40'];
    const { hash } = (await place.json(args)) as { hash: string };
    assert.equal(await hashOf(page), hash);
    await page.close();
  });

  test('a partition is made by keyboard, and its link is replayed to the same hash by somebody else', async () => {
    const page = await browser.open(`${node.url}/simulator?run=${RUN}`);
    await goTo(page, 12);
    for (const name of ['n0', 'n2']) {
      await page.getByRole('checkbox', { name: new RegExp(`^${name}\\b`) }).focus();
      await page.keyboard.press('Space');
    }
    await page.getByRole('button', { name: 'Cut off' }).focus();
    await page.keyboard.press('Enter');
    const faults = page.getByRole('list', { name: 'Faults of this run' });
    await faults.getByText('n0, n2 cut off from the others').waitFor();
    assert.equal(await page.getByRole('cell', { name: /cut off/ }).count(), 2);
    await goTo(page, 31);
    const before = await hashOf(page);
    await page.getByRole('button', { name: 'Heal the network' }).click();
    await faults.getByText('The network is whole').waitFor();
    // Back, and there again: the desk compares each second on the way.
    await goTo(page, 9);
    assert.notEqual(await hashOf(page), before);
    await goTo(page, 31);
    await goTo(page, 36);
    linked = await hashOf(page);
    link = await page.getByLabel('Link to this moment').inputValue();
    assert.match(link, /run=1_calm_poa_6_3_40_p12000\.0\.2-h31000&at=36000000&hash=[0-9a-f]{16}$/);
    const other = await stranger.open(link);
    await other.getByText('The same hash as in the link').waitFor();
    assert.equal(await hashOf(other), linked);
    assert.equal(
      await other.getByRole('list', { name: 'Faults of this run' }).getByRole('listitem').count(),
      2,
    );
    await other.close();
    await page.close();
  });

  test('a link that does not keep its word is found out, and one that is no run is refused', async () => {
    const page = await stranger.open(link.replace(/hash=.*/, `hash=${'0123456789abcdef'}`));
    await page.getByText('Another hash than in the link').waitFor();
    for (const [run, rule] of [
      ['2_calm_poa_6_3_40', 'run-plan/version'],
      ['1_calm_poa_600_3_40', 'run-plan/range'],
      ['1_calm_poa_6_3_40_p1.9', 'run-plan/faults'],
      ['%3Cscript%3E', 'run-plan/shape'],
    ]) {
      await page.goto(`${node.url}/simulator?run=${run}`);
      await page.getByText(rule ?? '').waitFor();
    }
    await page.getByRole('button', { name: 'A partition that heals' }).click();
    await page
      .getByRole('list', { name: 'Faults of this run' })
      .getByText('n0, n1, n6, n9 cut off')
      .waitFor();
    await page.close();
  });

  test('a line that is drawn across the picture cuts the network, and a fault is taken back', async () => {
    const page = await browser.open(`${node.url}/simulator?run=${RUN}`);
    await goTo(page, 8);
    const empty = await hashOf(page);
    const picture = page.getByRole('img', { name: /nodes by region/ });
    await picture.scrollIntoViewIfNeeded();
    const box = await picture.boundingBox();
    assert(box !== null);
    const [x, y] = [box.x + box.width / 2 + 30, box.y + box.height / 2];
    await page.mouse.move(x, y - 60);
    await page.mouse.down();
    await page.mouse.move(x + 5, y, { steps: 3 });
    await page.mouse.move(x, y + 60, { steps: 3 });
    await page.mouse.up();
    const taken = page.getByRole('button', { name: /^Take back: .* cut off/ });
    await taken.waitFor();
    assert.ok((await page.getByRole('cell', { name: /cut off/ }).count()) > 0);
    await taken.click();
    await page.getByText('Nothing has been done to this network.').waitFor();
    await page.getByText(/Running there took/).waitFor();
    assert.equal(await hashOf(page), empty);
    await page.close();
  });

  test('it can be used by everybody, in light, dark and narrow', async () => {
    const page = await browser.open(link);
    await page.getByText('The same hash as in the link').waitFor();
    await assertForEverybody(page, 'the simulator');
    await page.close();
  });

  test('no page has failed or tried what its policy forbids', () => {
    assert.deepEqual([...browser.faults, ...stranger.faults], []);
  });
});

/** The hash of the run where it stands. */
async function hashOf(page: Page): Promise<string> {
  const hash = page.locator('[data-hash]');
  await hash.waitFor();
  return (await hash.textContent()) ?? '';
}

/** Moves the slider, and waits until the run stands there. */
async function goTo(page: Page, seconds: number): Promise<void> {
  await page.getByLabel('Moment of the run').fill(String(1000 * seconds));
  await page.getByText(`At ${seconds}.000 s.`).waitFor();
}
