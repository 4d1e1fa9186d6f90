import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { LineClient } from '../line/line-client.ts';
import type { CommandIo } from './command.ts';
import { presentAnswer } from './present-line.ts';

const HELP = `ADD_TRANSACTION:<sender>:<receiver>:<amount>:<private_key>
    Pays an amount in CALIN, such as 0.25. Leave the key out, and it is asked for without being shown.
GET_BLOCKCHAIN
    Shows the last blocks; GET_BLOCKCHAIN:<height> those from a height upwards.
SYNC_BLOCKCHAIN:<data>
    Brings blocks to the node, as another node gives them by GET_BLOCKCHAIN.
VALIDATE_BLOCKCHAIN
    Checks the whole blockchain again, from genesis to the head.
help, quit`;

/** Commands that are remembered for the arrow keys. */
const HISTORY_MAX = 200;

const GREEN = '\x1b[32m';
const RED = '\x1b[31m';
const PLAIN = '\x1b[0m';

/** The standard error output, which can be made to show nothing while a secret is typed. */
class Screen extends Writable {
  isMuted = false;

  get columns(): number {
    return process.stderr.columns;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (!this.isMuted) process.stderr.write(chunk);
    done();
  }
}

/** Asks for commands on the terminal until "quit", the end of the input or that of the connection. */
export async function talkOnTerminal(
  client: LineClient,
  place: string,
  io: CommandIo,
): Promise<Result<undefined>> {
  const screen = new Screen();
  const terminal = createInterface({
    input: process.stdin,
    output: screen,
    terminal: true,
    prompt: 'calin> ',
    historySize: HISTORY_MAX,
  });
  // A line with a key is not there to be called up again by whoever sits here next.
  terminal.on('history', (history: string[]) => {
    if (screen.isMuted || isWithKey(history[0] ?? '')) history.shift();
  });
  io.note(`Connected to ${place}. "help" lists the commands, "quit" ends.`);
  const askKey = (): Promise<string> =>
    new Promise((resolve) => {
      terminal.question('Private key (not shown): ', (key) => {
        screen.isMuted = false;
        io.note('');
        resolve(key.trim());
      });
      screen.isMuted = true;
    });
  terminal.prompt();
  for await (const typed of terminal) {
    const line = typed.trim();
    if (line === 'quit' || line === 'exit') break;
    if (line === 'help' || line === '?') io.note(HELP);
    else if (line !== '') {
      const whole = isWithoutKey(line) ? `${line}:${await askKey()}` : line;
      const answer = await client.send(whole);
      if (!answer.ok) return answer;
      show(answer.value, io);
    }
    terminal.prompt();
  }
  terminal.close();
  return ok(undefined);
}

function isWithKey(line: string): boolean {
  return /^\s*ADD_TRANSACTION:([^:]*:){3}/.test(line);
}

function isWithoutKey(line: string): boolean {
  return /^ADD_TRANSACTION:[^:]*:[^:]*:[^:]*$/.test(line);
}

function show(answer: string, io: CommandIo): void {
  const { json, text, isRefusal } = presentAnswer(answer);
  if (!io.isColour || process.stdout.isTTY !== true || text.includes('\n')) return io.answer({ json, text });
  io.answer({ json, text: `${isRefusal ? RED : GREEN}${text}${PLAIN}` });
}
