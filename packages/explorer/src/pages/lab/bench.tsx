import { useState } from 'react';
import { changedFields, type Field, findField, layoutBlock } from '../../lab/block-fields.ts';
import type { LabBlock } from '../../lab/lab-session.ts';
import { ByteView } from './byte-view.tsx';
import { FieldEditor } from './field-editor.tsx';
import { FieldTree } from './field-tree.tsx';
import { Steps } from './steps.tsx';
import { TryList } from './try-list.tsx';
import type { Lab, LabStep } from './use-lab.ts';
import { VerdictPanel } from './verdict-panel.tsx';

/** A block on the table: what to try, what is said of it, its fields and its bytes. */
export function Bench({ lab, facts }: { readonly lab: Lab; readonly facts: LabBlock }) {
  const [path, setPath] = useState('header.height');
  const { bytes, verdict, number } = lab.steps.at(-1) as LabStep;
  const layout = layoutBlock(bytes);
  const field: Field | undefined = findField(layout, path);
  const changed = changedFields(layout, bytes, facts.bytes);
  return (
    <div className="grid items-start gap-4 sm:gap-5 lg:grid-cols-[19rem_minmax(0,1fr)] lg:grid-rows-[auto_1fr]">
      <div className="min-w-0 lg:col-start-2">
        <VerdictPanel verdict={verdict} facts={facts} lab={lab} />
      </div>
      <div className="min-w-0 space-y-4 sm:space-y-5 lg:col-start-1 lg:row-span-2 lg:row-start-1">
        <TryList lab={lab} facts={facts} />
        <Steps lab={lab} />
      </div>
      <div className="min-w-0 space-y-4 sm:space-y-5 lg:col-start-2">
        <FieldTree
          layout={layout}
          bytes={bytes}
          prefix={facts.prefix}
          path={path}
          changed={changed}
          onPick={setPath}
        >
          {field !== undefined && (
            <FieldEditor
              key={`${path} ${number}`}
              lab={lab}
              bytes={bytes}
              field={field}
              prefix={facts.prefix}
            />
          )}
        </FieldTree>
        <ByteView layout={layout} bytes={bytes} field={field} lab={lab} onPick={setPath} />
      </div>
    </div>
  );
}
