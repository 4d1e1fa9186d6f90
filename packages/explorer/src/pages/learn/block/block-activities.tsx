import { toHex } from '@calin/core/base/bytes.ts';
import { encodeHeader, type Header } from '@calin/core/primitives/header.ts';
import { useState } from 'react';
import type { HeaderJson } from '../../../node/shapes.ts';
import { Fact } from '../../../ui/fact.tsx';
import { NameLink } from '../../../ui/name-link.tsx';
import { formatMoment } from '../../../words/format-time.ts';
import { formatCount } from '../../../words/format-units.ts';
import type { Activity } from '../activity.ts';
import { HexText } from '../hex-text.tsx';
import { HeaderDesk } from './header-desk.tsx';
import { type BytesField, damageHeader, idOf, type NumberField } from './header-fields.ts';
import { WithHeader } from './with-header.tsx';

/** The newest header, hashed in the page. */
export const HashHeader: Activity = ({ done }) => (
  <WithHeader>{(header, json) => <HeaderToHash header={header} json={json} done={done} />}</WithHeader>
);

function HeaderToHash({
  header,
  json,
  done,
}: {
  readonly header: Header;
  readonly json: HeaderJson;
  readonly done: () => void;
}) {
  const [id, setId] = useState<string>();
  const bytes = encodeHeader(header);
  const work = () => {
    setId(idOf(header));
    if (idOf(header) === json.id) done();
  };
  return (
    <>
      <dl>
        <Fact name="Block">{formatCount(json.height)}</Fact>
        <Fact name="Made">{formatMoment(json.timeMs)}</Fact>
        <Fact name="By">
          <NameLink kind="address" name={json.producer} />
        </Fact>
        <Fact name="Before it">
          <code className="break-all font-mono text-[0.92em]">{json.parent}</code>
        </Fact>
        <Fact name="Name, says the node">
          <code className="break-all font-mono text-[0.92em]">{json.id}</code>
        </Fact>
      </dl>
      <HexText label={`The header as ${bytes.length} bytes`} text={toHex(bytes)} />
      <button type="button" className="button" onClick={work}>
        Hash the header
      </button>
      <div role="status" className="min-h-12">
        {id !== undefined && (
          <HexText
            label={
              id === json.id
                ? 'Worked out here: the same'
                : 'Worked out here: another one, so the node is wrong'
            }
            text={id}
          />
        )}
      </div>
    </>
  );
}

/** The newest header, each field of which can be changed. */
export const ChangeHeader: Activity = ({ done }) => (
  <WithHeader>{(real) => <HeaderToChange real={real} done={done} />}</WithHeader>
);

function HeaderToChange({ real, done }: { readonly real: Header; readonly done: () => void }) {
  const [header, setHeader] = useState(real);
  const [tried, setTried] = useState<ReadonlySet<NumberField | BytesField>>(new Set());
  const change = (next: Header, field: NumberField | BytesField) => {
    const all = new Set([...tried, field]);
    setHeader(next);
    setTried(all);
    if (all.size > 1) done();
  };
  return (
    <>
      <HeaderDesk header={header} real={real} change={change} />
      <button type="button" className="button" onClick={() => setHeader(real)}>
        As it was
      </button>
    </>
  );
}

/** A copy of the newest header with one number changed. */
export const RepairHeader: Activity = ({ done }) => (
  <WithHeader>{(real) => <HeaderToRepair real={real} done={done} />}</WithHeader>
);

function HeaderToRepair({ real, done }: { readonly real: Header; readonly done: () => void }) {
  const [header, setHeader] = useState(() => damageHeader(real, Math.floor(Math.random() * 4)));
  const change = (next: Header) => {
    setHeader(next);
    if (idOf(next) === idOf(real)) done();
  };
  return <HeaderDesk header={header} real={real} change={change} isOnlyNumbers />;
}
