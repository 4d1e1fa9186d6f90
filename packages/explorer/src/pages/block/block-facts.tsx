import { useQuery } from '@tanstack/react-query';
import { genesisQuery } from '../../node/queries.ts';
import type { FullBlock } from '../../node/shapes.ts';
import { ProofMark } from '../../proofs/proof-mark.tsx';
import { Age } from '../../ui/age.tsx';
import { Amount } from '../../ui/amount.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Fact } from '../../ui/fact.tsx';
import { Meter } from '../../ui/meter.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { formatCount, formatShare } from '../../words/format-units.ts';

/** What the header of a block says. */
export function BlockFacts({ block: { header, receipts = [], txids } }: { readonly block: FullBlock }) {
  const { data: genesis } = useQuery(genesisQuery);
  const gasMax = genesis?.limits?.blockGasMax ?? 10_000_000;
  const fees = receipts.reduce((sum, { fee }) => sum + fee, 0);
  const isGenesis = header.height === 0;
  return (
    <Panel title="Header" aside={<ProofMark claim={{ kind: 'header', header }} subject={header.id} />}>
      <dl>
        <Fact name="Id" help="The hash of the header">
          <span className="break-all font-mono text-[0.92em]">{header.id}</span>{' '}
          <CopyButton text={header.id} what="the id" />
        </Fact>
        <Fact name="Time">
          <Age timeMs={header.timeMs} withMoment />
        </Fact>
        <Fact name="Made by" help="Who gets the reward and the tips">
          {isGenesis ? (
            'Nobody: the genesis block follows from the genesis file.'
          ) : (
            <NameLink kind="address" name={header.producer} isWhole />
          )}
        </Fact>
        {!isGenesis && (
          <Fact name="Block before">
            <NameLink kind="block" name={header.parent} isWhole />
          </Fact>
        )}
        <Fact name="Transactions">
          {formatCount(txids.length)}
          {!isGenesis && <span className="text-soft"> with the reward</span>}
        </Fact>
        <Fact name="Gas" help="The work of all transactions; the most that a block may have is fixed">
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Meter part={header.gasUsed} whole={gasMax} />
            {formatCount(header.gasUsed)} of {formatCount(gasMax)}
            <span className="text-soft">{formatShare(header.gasUsed, gasMax)}</span>
          </span>
        </Fact>
        <Fact name="Base fee" help="It follows from how full the blocks before were, and is burned">
          {formatCount(header.baseFee)} <span className="text-soft">hugs a gas, burned</span>
        </Fact>
        <Fact name="Fees">
          <Amount units={fees} />
        </Fact>
        <Fact name="Roots" help="Merkle roots: what is proved about the block is proved against these">
          <Root name="transactions" value={header.txRoot} />
          <Root name="receipts" value={header.receiptRoot} />
          <Root name="state after it" value={header.stateRoot} />
        </Fact>
        {header.seal !== '' && (
          <Fact name="Seal" help="What only the consensus reads: work, or a signature">
            <details>
              <summary className="cursor-pointer text-soft">
                {formatCount(header.seal.length / 2)} bytes
              </summary>
              <span className="break-all font-mono text-xs">{header.seal}</span>
            </details>
          </Fact>
        )}
      </dl>
    </Panel>
  );
}

function Root({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <span className="grid gap-x-3 sm:grid-cols-[6rem_minmax(0,1fr)]">
      <span className="text-soft">{name}</span>
      <span className="break-all font-mono text-[0.92em]">{value}</span>
    </span>
  );
}
