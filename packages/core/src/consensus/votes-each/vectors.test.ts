import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fromHex } from '../../base/bytes.ts';
import { verifySignature } from '../../crypto/signature.ts';
import { parseCertificate, parseVotingMessage, verifyCertificate } from './certificate.ts';
import { parseEvidence, verifyEvidence } from './evidence.ts';
import { proposerVectors, votesEachVectors } from './vectors.ts';

const path = new URL('../../../../../vectors/consensus-votes-each.json', import.meta.url);

describe('the vectors of votes-each', () => {
  const vectors = votesEachVectors();
  const { keys, weights } = vectors;
  const members = keys.map((key, i) => ({ publicKey: fromHex(key), weight: weights[i] as number }));
  const set = { epoch: 3, members, seed: new Uint8Array(32) };
  const chainId = fromHex(vectors.chainId);

  it('are those that were reviewed', () => {
    const committed = JSON.parse(readFileSync(path, 'utf8')) as unknown;
    assert.deepEqual({ votesEach: vectors, proposer: proposerVectors() }, committed);
  });

  it('hold votes whose signatures hold', () => {
    for (const { bytes, message } of vectors.votes) {
      const parsed = parseVotingMessage(fromHex(bytes));
      assert.ok(parsed.ok && parsed.value.kind === 'vote');
      const { member, signature } = parsed.value.vote;
      const publicKey = fromHex(keys[member] as string);
      assert.ok(verifySignature({ publicKey, message: fromHex(message), signature }));
    }
  });

  it('hold a certificate and evidence that hold', () => {
    const certificate = parseCertificate(fromHex(vectors.certificate));
    assert.ok(certificate.ok && verifyCertificate(certificate.value, set, chainId, verifySignature).ok);
    const offences = [vectors.doubleSign, vectors.lockBreak].map((bytes) => {
      const evidence = parseEvidence(fromHex(bytes));
      assert.ok(evidence.ok);
      const judged = verifyEvidence(evidence.value, set, chainId, verifySignature);
      return judged.ok ? judged.value.offence : judged.error.rule;
    });
    assert.deepEqual(offences, ['double-sign', 'lock-break']);
  });
});
