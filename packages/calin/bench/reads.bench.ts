import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Workplace } from '../test/e2e/calin.testing.ts';
import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { machine } from './measure/machine.ts';
import { round } from './measure/numbers.ts';
import { loadHttp } from './node/http-load.ts';

/** Enough that the server always has the next one waiting. */
const CONNECTIONS = 16;

/** Calls for what the node has in memory. */
const CALLS: readonly { readonly method: string; readonly params: object }[] = [
  { method: 'node_status', params: {} },
  { method: 'chain_getHeader', params: { height: 1 } },
  { method: 'chain_getBlock', params: { height: 1 } },
  { method: 'account_getBalance', params: {} },
];

/** Calls of `calin dev` over HTTP, each of its own, by the processor time that the node takes for them. */
export const bench: Bench = {
  name: 'reads',
  summary: 'Reads over JSON-RPC: calls that one core answers in a second.',
  options: { seconds: { summary: 'How long each method is called', default: 5 } },
  run,
};

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const ms = Number(options['seconds']) * 1000;
  const place = new Workplace();
  try {
    const dev = await place.start(['dev', '--block-time', '500']);
    const [account] = (await place.json(['account', 'list'])) as [{ readonly address: string }];
    const rates: number[] = [];
    for (const [i, { method, params }] of CALLS.entries()) {
      progress(i, CALLS.length + 1, method);
      const whole = method === 'account_getBalance' ? { address: account.address } : params;
      rates.push(await rateOf(dev.url, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: whole }), ms));
    }
    progress(CALLS.length, CALLS.length + 1, 'Node.js alone');
    const bare = await bareRate(ms);
    const slowest = Math.min(...rates);
    return {
      bench: 'reads',
      ...Object.fromEntries(
        CALLS.map(({ method }, i) => [`${method}PerCoreSecond`, round(rates[i] ?? 0, 0)]),
      ),
      slowestPerCoreSecond: round(slowest, 0),
      barePerCoreSecond: round(bare, 0),
      ratio: round(slowest / bare, 3),
      connections: CONNECTIONS,
      ...machine(),
    };
  } finally {
    place.close();
  }
}

/** Calls in a second of processor time of whoever answers at an address. */
async function rateOf(url: string, call: string, ms: number): Promise<number> {
  // The first calls warm it up.
  await loadHttp(url, call, CONNECTIONS, ms / 5);
  const before = await cpuSeconds(url);
  const { answers, body } = await loadHttp(url, call, CONNECTIONS, ms);
  if (!body.includes('"result"')) throw new Error(`no result: ${body.slice(0, 200)}`);
  return answers / ((await cpuSeconds(url)) - before);
}

/** What the process says of itself, as all nodes do. */
async function cpuSeconds(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^calin_processor_seconds_total (\S+)/m.exec(text)?.[1]);
}

/** The bound: a server of Node.js that reads a body, parses it and sends a text as long as an answer. */
const BARE = `
  const text = JSON.stringify({ jsonrpc: '2.0', result: 'x'.repeat(650), id: 1 });
  require('node:http').createServer((request, response) => {
    if (request.method === 'GET') {
      const { user, system } = process.cpuUsage();
      return response.end('calin_processor_seconds_total ' + (user + system) / 1e6);
    }
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      JSON.parse(body);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
      response.end(text);
    });
  }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

async function bareRate(ms: number): Promise<number> {
  const child = spawn(process.execPath, ['--eval', BARE], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    return await rateOf(`http://127.0.0.1:${Number(String(port))}`, '{"jsonrpc":"2.0","id":1}', ms);
  } finally {
    child.kill();
  }
}
