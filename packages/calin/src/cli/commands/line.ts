import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { LineClient } from '../../line/line-client.ts';
import { type CommandIo, defineCommand } from '../command.ts';
import { DATA_OPTION } from '../common-options.ts';

/** The port that the documents use for the line protocol. */
const DEFAULT_PORT = 8647;

/** `calin line`. */
export const command = defineCommand({
  name: 'line',
  summary: 'Talk to a node by the line protocol.',
  description:
    'On a terminal it asks for one command after the other; "help" lists them. Without a terminal it sends each line of the standard input and prints each answer on a line; it ends with status 1 when one of them was an error or INVALID. The node has to be started with --line-port.',
  arguments: [],
  options: {
    host: {
      kind: 'text',
      value: 'HOST',
      fallback: '127.0.0.1',
      summary: 'Where the node runs: 127.0.0.1, ::1 or localhost, as private keys are sent in the clear',
    },
    port: {
      kind: 'integer',
      value: 'N',
      min: 1,
      max: 65_535,
      summary: 'Port of its line protocol',
      otherwise: `that of the node which runs in the data folder, else ${DEFAULT_PORT}`,
    },
    data: DATA_OPTION,
  },
  examples: ['line', 'line --port 8647', 'line --json < commands.txt'],
  run: async ({ host, port, data }, io) => {
    const { dataFolderOf } = await import('../accounts/network.ts');
    const { readRunningLine } = await import('../../adapters/running-node-file.ts');
    const { LineClient } = await import('../../line/line-client.ts');
    const found = port ?? readRunningLine(dataFolderOf({ data })) ?? DEFAULT_PORT;
    const client = await LineClient.connect(host, found);
    if (!client.ok) return client;
    try {
      const isTerminal = process.stdin.isTTY === true && process.stderr.isTTY === true;
      if (!isTerminal || io.isJson) return await talkFromInput(client.value, io);
      const { talkOnTerminal } = await import('../line-terminal.ts');
      return await talkOnTerminal(client.value, `${host}:${found}`, io);
    } finally {
      client.value.close();
    }
  },
});

/** Sends each line of the standard input and prints its answer. */
async function talkFromInput(client: LineClient, io: CommandIo): Promise<Result<undefined>> {
  const { createInterface } = await import('node:readline');
  const { presentAnswer } = await import('../present-line.ts');
  const { refuseLine } = await import('../../line/rules.ts');
  let refused = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const answer = await client.send(line.trim());
    if (!answer.ok) return answer;
    const presented = presentAnswer(answer.value);
    if (presented.isRefusal) refused += 1;
    io.answer({ json: presented.json, text: answer.value });
  }
  return refused === 0 ? ok(undefined) : refuseLine('line/refused', { refused });
}
