import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** The parts of the document the seed itself has to look at; everything else is the apply operation's to judge. */
export type DemoDocument = {
  people: { name: string; email: string; roles: string[]; clearances: string[] }[];
  agents: { name: string; owner: string }[];
  targets: {
    name: string;
    kind: string;
    connection?: string;
    classifications: Record<string, string>;
    subjects: Record<string, string>;
  }[];
};

/** The demo workspace's document with the connection its one target is reached by. */
export async function readDemoWorkspace(companyUrl: string): Promise<DemoDocument> {
  const text = await readFile(join(import.meta.dirname, 'demo-workspace.yaml'), 'utf8');
  const document: DemoDocument = parse(text);
  for (const target of document.targets) target.connection = companyUrl;
  return document;
}
