import { connect } from 'node:net';

/** What a load has done. */
export interface HttpLoad {
  readonly answers: number;
  readonly seconds: number;
  /** The body of the last answer. */
  readonly body: string;
}

const HEAD_END = '\r\n\r\n';

/**
 * Sends one JSON text again and again over some connections, on each the next one when the answer is there. Bare
 * sockets, so that the client takes little of what it measures.
 */
export async function loadHttp(
  url: string,
  json: string,
  connections: number,
  ms: number,
): Promise<HttpLoad> {
  const { hostname, port } = new URL(url);
  const request = [
    'POST / HTTP/1.1',
    `host: ${hostname}:${port}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(json)}${HEAD_END}${json}`,
  ].join('\r\n');
  const startMs = performance.now();
  const counts = await Promise.all(
    Array.from({ length: connections }, () => repeat(Number(port), hostname, request, startMs + ms)),
  );
  return {
    answers: counts.reduce((sum, { answers }) => sum + answers, 0),
    seconds: (performance.now() - startMs) / 1000,
    body: counts[0]?.body ?? '',
  };
}

function repeat(port: number, host: string, request: string, endMs: number) {
  return new Promise<{ readonly answers: number; readonly body: string }>((resolve, reject) => {
    const socket = connect(port, host, () => socket.write(request));
    let received = '';
    let answers = 0;
    socket.once('error', reject);
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      const body = bodyOf(received);
      if (body === undefined) return;
      received = '';
      answers += 1;
      if (performance.now() < endMs) return socket.write(request);
      socket.destroy();
      return resolve({ answers, body });
    });
  });
}

/** The body of a whole answer. */
function bodyOf(answer: string): string | undefined {
  const head = answer.indexOf(HEAD_END);
  if (head === -1) return undefined;
  const length = Number(/^content-length: (\d+)/im.exec(answer.slice(0, head))?.[1]);
  if (Number.isNaN(length)) throw new Error(`an answer without a length: ${answer.slice(0, head)}`);
  const body = answer.slice(head + HEAD_END.length);
  return body.length < length ? undefined : body;
}
