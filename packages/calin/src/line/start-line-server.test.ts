import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { rpcSpec } from '@calin/core/rpc/node-view.testing.ts';
import { until } from '../adapters/until.testing.ts';
import { lineLimits } from './limits.ts';
import { bareLine, ruleOf, startTestLine } from './line-server.testing.ts';
import { startLineServer } from './start-line-server.ts';

const LOG = { write: () => {} };

test('it listens on the loopback and nowhere else', async () => {
  const limits = lineLimits(rpcSpec);
  const answerer = { answer: (_line: string, done: (answer: string) => void) => done('SUCCESS') };
  for (const address of ['0.0.0.0', '::', '10.0.0.1', 'example.org', '127.evil.example']) {
    const refused = await startLineServer({ port: 0, address, answerer, limits, log: LOG });
    assert.equal(!refused.ok && refused.error.rule, 'line/not-loopback', address);
  }
  const first = await startLineServer({ port: 0, answerer, limits, log: LOG });
  assert.ok(first.ok);
  const second = await startLineServer({ port: first.value.port, answerer, limits, log: LOG });
  assert.equal(!second.ok && second.error.rule, 'line/port-in-use');
  await first.value.close();
});

test('each line has one answer, in order, however lines are sent', async (t) => {
  const { server } = await startTestLine(t);
  const line = bareLine(t, server.port);
  line.write('VALIDATE_BLOCKCHAIN\nGET_BLOCKCHAIN:5\r\nnonsense\n\nVALI');
  line.write('DATE_BLOCKCHAIN\n');
  assert.equal(await line.line(), 'VALID');
  assert.match((await line.line()) ?? '', /^\{"chainId":"[0-9a-f]{64}",.*"blocks":\[\]\}$/);
  assert.equal(ruleOf(await line.line()), 'line/unknown-command');
  assert.equal(ruleOf(await line.line()), 'line/unknown-command');
  assert.equal(await line.line(), 'VALID');
});

test('whoever ends its side still gets the answers, but half a line is never done', async (t) => {
  const { server } = await startTestLine(t);
  const line = bareLine(t, server.port);
  line.socket.end('VALIDATE_BLOCKCHAIN\nVALIDATE_BLOCKCHAIN');
  assert.equal(await line.line(), 'VALID');
  assert.equal(ruleOf(await line.line()), 'line/unfinished');
  assert.equal(await line.line(), undefined);
});

test('lines that are too long, noise and HTTP are refused and end the connection', async (t) => {
  const { server } = await startTestLine(t);
  const noise = Buffer.concat([Buffer.from([0, 255]), randomBytes(500), Buffer.from('\n')]);
  const cases: readonly (readonly [string | Uint8Array, string])[] = [
    ['x'.repeat(2000), 'line/too-long'],
    [`ADD_TRANSACTION:${'q'.repeat(5000)}\n`, 'line/too-long'],
    [noise, 'line/encoding'],
    [Buffer.from('1603010200010001fc0303\n', 'hex'), 'line/unfinished'],
    ['POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nVALIDATE_BLOCKCHAIN\n', 'line/http'],
  ];
  for (const [bytes, rule] of cases) {
    const line = bareLine(t, server.port);
    line.write(bytes);
    if (rule === 'line/unfinished') line.socket.end();
    assert.equal(ruleOf(await line.line()), rule);
    assert.equal(await line.line(), undefined, rule);
  }
});

test('a line that drips in ends in time, and so does a connection that says nothing', async (t) => {
  const { server } = await startTestLine(t, { lineMs: 100, idleMs: 300 });
  const dripping = bareLine(t, server.port);
  const drip = setInterval(() => dripping.write('G'), 10);
  const silent = bareLine(t, server.port);
  assert.equal(ruleOf(await dripping.line()), 'line/idle');
  clearInterval(drip);
  assert.equal(ruleOf(await silent.line()), 'line/idle');
  assert.equal(await silent.line(), undefined);
});

test('connections above the limit are turned away, and there is room again when one has gone', async (t) => {
  const { server } = await startTestLine(t, { connectionsMax: 3 });
  const open = [1, 2, 3].map(() => bareLine(t, server.port));
  for (const line of open) assert.equal(await line.ask('VALIDATE_BLOCKCHAIN'), 'VALID');
  const turnedAway = await Promise.all([1, 2, 3, 4, 5].map(() => bareLine(t, server.port).line()));
  for (const answer of turnedAway) assert.equal(ruleOf(answer), 'line/too-many-connections');
  open[0]?.close();
  await until(() => server.connections < 3);
  assert.equal(await bareLine(t, server.port).ask('VALIDATE_BLOCKCHAIN'), 'VALID');
});

test('lines beyond the rate are refused and not looked at', async (t) => {
  const { server, validations } = await withCount(t, { linesAtOnce: 5, linesPerSecond: 0.001 });
  const line = bareLine(t, server.port);
  line.write('VALIDATE_BLOCKCHAIN\n'.repeat(8));
  const answers: (string | undefined)[] = [];
  for (let i = 0; i < 8; i++) answers.push(await line.line());
  assert.deepEqual(answers.slice(0, 5), Array(5).fill('VALID'));
  for (const answer of answers.slice(5)) assert.equal(ruleOf(answer), 'line/too-fast');
  assert.equal(validations(), 5);
});

async function withCount(...args: Parameters<typeof startTestLine>) {
  const line = await startTestLine(...args);
  let count = 0;
  const { validator } = line;
  line.validator = {
    validate(done) {
      count += 1;
      validator.validate(done);
    },
  };
  return { server: line.server, validations: () => count };
}

test('who does not read is owed one answer only, and is dropped after a while', async (t) => {
  const limits = { ...lineLimits(rpcSpec), answerMs: 300, linesAtOnce: 1_000_000 };
  let answered = 0;
  const answer = 'x'.repeat(2 ** 20);
  const answerer = {
    answer: (_line: string, done: (answer: string) => void) => {
      answered += 1;
      done(answer);
    },
  };
  const server = await startLineServer({ port: 0, answerer, limits, log: LOG });
  assert.ok(server.ok);
  t.after(() => server.value.close());
  const socket = connect(server.value.port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.pause();
  socket.on('error', () => {});
  socket.write('GET_BLOCKCHAIN\n'.repeat(20_000));
  await until(() => answered > 0 && server.value.connections === 0);
  // The buffers of the system hold some; of what is left only one answer was made.
  assert.ok(answered >= 1 && answered < 40, `${answered} answers were made`);
});

test('a crowd that sends noise, halves of lines and floods, and hangs up anyhow, leaves nothing behind', async (t) => {
  const { server } = await startTestLine(t, { allDataBytesMax: 6_000_000 });
  const pieces: readonly (string | Uint8Array)[] = [
    randomBytes(3000),
    'GET_BLOCKCHAIN\n'.repeat(2000),
    `SYNC_BLOCKCHAIN:${'['.repeat(300_000)}`,
    'SYNC_BLOCKCHAIN:{"blocks":[]}\n'.repeat(50),
    'ADD_TRANSACTION::::\n'.repeat(300),
    'VALIDATE_BL',
  ];
  for (let round = 0; round < 4; round++) {
    const crowd = Array.from({ length: 40 }, (_, i) => {
      const line = bareLine(t, server.port);
      line.write(pieces[i % pieces.length] ?? '');
      return line;
    });
    await sleep(20);
    for (const line of crowd) line.close();
  }
  await until(() => server.connections === 0);
  const line = bareLine(t, server.port);
  assert.equal(await line.ask('VALIDATE_BLOCKCHAIN'), 'VALID');
  // All of the budget is there again: the longest line is read to its end.
  assert.equal(ruleOf(await line.ask(`SYNC_BLOCKCHAIN:${'x'.repeat(4_000_000)}`)), 'line/data');
});

test('closing waits for the answer at hand, not for ever', async (t) => {
  const line = await startTestLine(t, { closeGraceMs: 200 });
  line.validator = { validate: () => {} };
  const hanging = bareLine(t, line.server.port);
  hanging.write('VALIDATE_BLOCKCHAIN\n');
  const silent = bareLine(t, line.server.port);
  await sleep(50);
  const beganMs = performance.now();
  await line.server.close();
  assert.ok(performance.now() - beganMs < 30_000);
  assert.equal(await hanging.line(), undefined);
  assert.equal(await silent.line(), undefined);
});
