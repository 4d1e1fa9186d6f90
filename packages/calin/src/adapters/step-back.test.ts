import assert from 'node:assert/strict';
import { once } from 'node:events';
import { constants, getPriority } from 'node:os';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';

test('a worker that steps back leaves the main thread where it is', async (context) => {
  if (process.platform !== 'linux') return context.skip('a priority is that of the process here');
  const before = getPriority();
  const code = `
    import { getPriority } from 'node:os';
    import { parentPort } from 'node:worker_threads';
    import { stepBack } from '${new URL('./step-back.ts', import.meta.url).href}';
    stepBack();
    parentPort.postMessage(getPriority());
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  const [priority] = await once(worker, 'message');
  assert.equal(priority, Math.max(before, constants.priority.PRIORITY_BELOW_NORMAL));
  assert.equal(getPriority(), before);
});
