import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** The parts of the document the seed itself has to look at; everything else is the apply operation's to judge. */
export type DemoDocument = {
  people: { name: string; email: string; roles: string[]; clearances: string[] }[];
  agents: { name: string; owner: string }[];
  tools: { name: string; target?: string }[];
  targets: {
    name: string;
    kind: string;
    connection?: string;
    root?: string;
    classifications: Record<string, string>;
    subjects: Record<string, string>;
  }[];
};

/** The demo workspace's document with the connection its database is reached by, and its handbook where there is one. */
export async function readDemoWorkspace(companyUrl: string, handbook?: string): Promise<DemoDocument> {
  const text = await readFile(join(import.meta.dirname, 'demo-workspace.yaml'), 'utf8');
  const document: DemoDocument = parse(text);
  for (const target of document.targets) {
    if (target.kind === 'postgres') target.connection = companyUrl;
    else if (handbook !== undefined) target.root = handbook;
  }
  if (handbook !== undefined) return document;
  const isThere = (name: string | undefined) => name !== 'handbook';
  return {
    ...document,
    targets: document.targets.filter((target) => isThere(target.name)),
    tools: document.tools.filter((tool) => isThere(tool.target)),
  };
}
