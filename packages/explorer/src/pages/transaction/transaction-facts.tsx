import { useQuery } from '@tanstack/react-query';
import { nextBlockQuery } from '../../node/queries.ts';
import type { FoundTransaction, ReceiptJson } from '../../node/shapes.ts';
import { Age } from '../../ui/age.tsx';
import { Amount } from '../../ui/amount.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Fact } from '../../ui/fact.tsx';
import { HeightLink } from '../../ui/height-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { formatCount } from '../../words/format-units.ts';

/** What there is to know of a transaction beside its coins. */
export function TransactionFacts({ found: { transaction, block } }: { readonly found: FoundTransaction }) {
  const { data: header } = useQuery({ ...nextBlockQuery(block?.height ?? 0), enabled: block !== null });
  const { txid, expiryHeight, bytes, inputs } = transaction;
  return (
    <Panel title="Details">
      <dl>
        <Fact name="Id" help="The hash of all but the signatures: what is signed">
          <span className="break-all font-mono text-[0.92em]">{txid}</span>{' '}
          <CopyButton text={txid} what="the id" />
        </Fact>
        <Fact name="Block">
          {block === null ? (
            'It waits for one.'
          ) : (
            <>
              <HeightLink height={block.height} />
              <span className="text-soft">, at position {formatCount(block.position)}</span>
            </>
          )}
        </Fact>
        {header?.timeMs !== undefined && (
          <Fact name="Time">
            <Age timeMs={header.timeMs} withMoment />
          </Fact>
        )}
        {block !== null && inputs.length > 0 && <FeeFact receipt={block.receipt} />}
        <Fact name="Expires" help="After that height no block may hold it">
          {expiryHeight === 0 ? 'Never' : `After block ${formatCount(expiryHeight)}`}
        </Fact>
        <Fact name="Size">
          <details>
            <summary className="cursor-pointer">{formatCount(bytes.length / 2)} bytes</summary>
            <span className="break-all font-mono text-xs">{bytes}</span>
          </details>
        </Fact>
      </dl>
    </Panel>
  );
}

function FeeFact({ receipt }: { readonly receipt: ReceiptJson }) {
  const { fee, burned, gasUsed } = receipt;
  return (
    <Fact name="Fee" help="The base fee is burned; the rest goes to who made the block">
      <Amount units={fee} /> <span className="text-soft">for {formatCount(gasUsed)} gas: </span>
      {burned === fee ? (
        <span className="text-soft">all of it burned</span>
      ) : (
        <>
          <Amount units={burned} /> <span className="text-soft">burned,</span> <Amount units={fee - burned} />{' '}
          <span className="text-soft">to the producer</span>
        </>
      )}
    </Fact>
  );
}
