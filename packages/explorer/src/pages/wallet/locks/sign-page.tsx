import {
  combinePartials,
  missingParts,
  type PartialTransaction,
} from '@calin/client/transaction-builder/partial-transaction.ts';
import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import { OK, ok, type Result } from '@calin/core/base/result.ts';
import { type FormEvent, useState } from 'react';
import { Panel } from '../../../ui/panel.tsx';
import { TextArea } from '../../../ui/text-field.tsx';
import { useDeed } from '../../../wallet/use-deed.ts';
import { useWallet } from '../../../wallet/wallet-context.tsx';
import { SentNotice } from '../sent-notice.tsx';
import { FileDrop } from './file-drop.tsx';
import { BackLink } from './lock-page.tsx';
import { lockRefusalWords } from './lock-refusal-words.ts';
import { useOpenPartial } from './open-partial.ts';
import { PartialPanel } from './partial-panel.tsx';
import { readPartial, readPartialText } from './partial-text.ts';
import { refuseLock } from './rules.ts';

/** A transaction on its way from signer to signer: opened, looked at, signed, joined with other copies, sent. */
export function SignPage() {
  const { session } = useWallet();
  const [partial, hold] = useOpenPartial(session);
  const [sent, setSent] = useState<string>();
  const afterSending = (txid: string) => {
    // Nothing can be done with it any more, whatever page comes next.
    hold(undefined);
    setSent(txid);
  };
  const isWhole = partial !== undefined && missingParts(partial).length === 0;
  return (
    <div className="space-y-4 sm:space-y-5">
      <BackLink />
      {sent !== undefined && <SentNotice txid={sent} done={() => setSent(undefined)} />}
      {partial !== undefined && <PartialPanel partial={partial} hold={hold} sent={afterSending} />}
      {!isWhole && <OpenPanel partial={partial} hold={hold} />}
    </div>
  );
}

function OpenPanel({
  partial,
  hold,
}: {
  readonly partial: PartialTransaction | undefined;
  readonly hold: (partial: PartialTransaction) => void;
}) {
  const { chain } = useWallet();
  const deed = useDeed();
  const [text, setText] = useState('');
  const take = (read: () => Promise<readonly Result<PartialTransaction>[]>) =>
    deed.run(async () => {
      const joined = joinAll(partial, await read(), chain.chainId);
      if (!joined.ok) return joined;
      hold(joined.value);
      setText('');
      return OK;
    });
  const takeFiles = async (files: readonly File[]) => {
    if (files.length === 0) return;
    await take(() => Promise.all(files.map(async (file) => readPartial(await bytesOf(file)))));
  };
  const paste = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void take(async () => [readPartialText(text)]);
  };
  const isFirst = partial === undefined;
  return (
    <Panel title={isFirst ? 'Open a transaction to sign' : 'Add the signatures of another copy'}>
      <form
        aria-label={isFirst ? 'Open a transaction' : 'Join a copy'}
        onSubmit={paste}
        className="space-y-3"
      >
        <FileDrop label="File" accept=".cpst,.txt" isMultiple take={takeFiles} />
        <TextArea
          label="Or its text"
          value={text}
          onChange={({ target }) => setText(target.value)}
          required
          rows={3}
          className="font-mono text-xs"
          error={deed.refusal === undefined ? undefined : lockRefusalWords(deed.refusal)}
        />
        <button type="submit" className="button" disabled={deed.isBusy}>
          {isFirst ? 'Open it' : 'Join it'}
        </button>
      </form>
    </Panel>
  );
}

/** One transaction of all copies; refuses by the first that cannot be read, or is of another chain or transaction. */
function joinAll(
  first: PartialTransaction | undefined,
  copies: readonly Result<PartialTransaction>[],
  chainId: Uint8Array,
): Result<PartialTransaction> {
  let joined = first;
  for (const copy of copies) {
    if (!copy.ok) return copy;
    if (!equalBytes(copy.value.chainId, chainId))
      return refuseLock('page/partial-chain', { got: toHex(copy.value.chainId), expected: toHex(chainId) });
    const both = joined === undefined ? copy : combinePartials(joined, copy.value);
    if (!both.ok) return both;
    joined = both.value;
  }
  return joined === undefined ? refuseLock('page/partial') : ok(joined);
}

async function bytesOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}
