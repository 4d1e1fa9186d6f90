import { Link, useParams } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { docsUrl } from '../learn/docs-url.ts';
import { AddressTool } from './address-tool.tsx';
import { HashTool } from './hash-tool.tsx';
import { MerkleTool } from './merkle-tool.tsx';
import { SignatureTool } from './signature-tool.tsx';
import { TOOLS, type Tool } from './tools.ts';

const DRAWN: Readonly<Record<Tool['id'], ComponentType>> = {
  hash: HashTool,
  merkle: MerkleTool,
  signature: SignatureTool,
  address: AddressTool,
};

/** A playground: one tool, and the way to the others. */
export function PlaygroundPage() {
  const { tool: id = 'hash' } = useParams({ strict: false });
  const tool = TOOLS.find((one) => one.id === id);
  return (
    <Page title="Playground" tab={tool === undefined ? 'Playground' : `${tool.name}, playground`}>
      <nav aria-label="Playgrounds" className="flex flex-wrap gap-2">
        {TOOLS.map((one) => (
          <Link
            key={one.id}
            to="/playground/$tool"
            params={{ tool: one.id }}
            aria-current={one === tool ? 'page' : undefined}
            className={`button ${one === tool ? 'border-accent! text-accent' : ''}`}
          >
            {one.name}
          </Link>
        ))}
      </nav>
      {tool === undefined ? (
        <Notice title="There is no playground of this name." />
      ) : (
        <ToolPanel tool={tool} />
      )}
    </Page>
  );
}

function ToolPanel({ tool }: { readonly tool: Tool }) {
  const Drawn = DRAWN[tool.id];
  return (
    <Panel title={tool.name} aside={<span className="text-soft">{tool.summary}</span>}>
      <div className="space-y-4">
        <Drawn />
        <p className="caption flex flex-wrap gap-x-4 gap-y-1">
          <span>
            Runs <code className="break-all font-mono">{tool.source}</code>
          </span>
          <a href={docsUrl(tool.docs)} className="link">
            Read {tool.docs}
          </a>
          <Link to="/learn" className="link">
            All lessons
          </Link>
        </p>
      </div>
    </Panel>
  );
}
