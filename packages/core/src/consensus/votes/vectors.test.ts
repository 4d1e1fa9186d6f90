import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fromHex } from '../../base/bytes.ts';
import { verifySignature } from '../../crypto/signature.ts';
import { parseLinkEvidence, verifyLinkEvidence } from './evidence.ts';
import { parseLinkCertificate, verifyLinkCertificate } from './link.ts';
import { votesVectors } from './vectors.ts';

const path = new URL('../../../../../vectors/consensus-votes.json', import.meta.url);

describe('the vectors of votes', () => {
  const vectors = votesVectors();
  const members = vectors.keys.map((key) => ({ publicKey: fromHex(key), weight: 1 }));
  const set = { epoch: 3, members, seed: new Uint8Array(32) };
  const chainId = fromHex(vectors.chainId);

  it('are those that were reviewed', () => {
    assert.deepEqual({ votes: vectors }, JSON.parse(readFileSync(path, 'utf8')));
  });

  it('hold a certificate and evidence that hold', () => {
    const certificate = parseLinkCertificate(fromHex(vectors.certificate));
    assert.ok(certificate.ok && verifyLinkCertificate(certificate.value, set, chainId, verifySignature).ok);
    const offences = [vectors.doubleSign, vectors.surround].map((bytes) => {
      const evidence = parseLinkEvidence(fromHex(bytes));
      assert.ok(evidence.ok);
      const judged = verifyLinkEvidence(evidence.value, { at: () => set }, chainId, verifySignature);
      return judged.ok ? judged.value.offence : judged.error.rule;
    });
    assert.deepEqual(offences, ['double-sign', 'surround']);
  });
});
