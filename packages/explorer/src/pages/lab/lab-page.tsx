import { getRouteApi, Link } from '@tanstack/react-router';
import { ROUTES } from '../../routes.ts';
import { Loading } from '../../ui/loading.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { formatCount } from '../../words/format-units.ts';
import { Bench } from './bench.tsx';
import { BlockPicker } from './block-picker.tsx';
import { ProgressLine } from './progress-line.tsx';
import { useLab } from './use-lab.ts';

const labRoute = getRouteApi(ROUTES.lab);
const labBlockRoute = getRouteApi(ROUTES.labBlock);

/** The tamper lab, with the newest block that there is something to try on. */
export function LabPage() {
  return <LabOf block="latest" firstTry={labRoute.useSearch().try} />;
}

/** The tamper lab, with a block by height or id. */
export function LabBlockPage() {
  return <LabOf block={labBlockRoute.useParams().block} firstTry={labBlockRoute.useSearch().try} />;
}

function LabOf({ block, firstTry }: { readonly block: string; readonly firstTry: string | undefined }) {
  const lab = useLab(block, firstTry);
  const { facts, refusal, busy } = lab;
  return (
    <Page title="Tamper lab" above={<BlockPicker height={facts?.height} />}>
      <p className="max-w-3xl text-sm text-soft">
        Change anything in a real block and see which rule refuses it. What judges is the code that every node
        runs, here in the page, on the state before the block. Nothing is sent to anybody.
      </p>
      {facts === undefined && refusal !== undefined && (
        <Notice title={refusal.message} tone="warn">
          {refusal.help} <code className="font-mono text-xs">{refusal.rule}</code>
        </Notice>
      )}
      {facts === undefined && refusal === undefined && (
        <Panel title="Going through the chain">
          {busy?.progress === undefined ? <Loading lines={4} /> : <ProgressLine progress={busy.progress} />}
        </Panel>
      )}
      {facts !== undefined && (
        <>
          <p className="text-sm">
            On the table:{' '}
            <Link to={ROUTES.block} params={{ block: facts.id }} className="link font-medium">
              block {formatCount(facts.height)}
            </Link>
            , {formatCount(facts.bytes.length)} bytes.
          </p>
          {!facts.isWhole && (
            <Notice title="This block is too far from the beginning for the page.">
              Only what needs no state is checked: the bytes, the header, the seal, the transaction root, the
              shape of transactions and their signatures. Coins, fees and the roots of what the block does are
              not.
            </Notice>
          )}
          <Bench lab={lab} facts={facts} />
        </>
      )}
    </Page>
  );
}
