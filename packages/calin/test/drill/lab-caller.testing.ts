/** Asks the node of the machine that it runs on: one question a line of JSON, one answer a line. */
import { createInterface } from 'node:readline';

createInterface(process.stdin).on('line', async (line) => {
  const { id, url, method, params } = JSON.parse(line) as Record<'url' | 'method', string> & {
    readonly id: number;
    readonly params: unknown;
  };
  const answer = await ask(url, { jsonrpc: '2.0', id, method, params });
  process.stdout.write(`${JSON.stringify({ id, answer })}\n`);
});

async function ask(url: string, call: object): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(call),
      signal: AbortSignal.timeout(5000),
    });
    return await response.json();
  } catch (error) {
    return { error: String(error) };
  }
}
