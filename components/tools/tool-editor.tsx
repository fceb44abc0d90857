'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import { TabPanel, Tabs } from '@/components/ui/tabs';
import { Textarea } from '@/components/ui/textarea';
import type { ArgumentSample } from '@/server/domain/tool-views';
import { EffectRow } from './effect-row';
import { SamplePanel, type SampleText } from './sample-panel';
import { SaveTool } from './save-tool';
import { effectsOf, readEntry, type ToolEntry, writeEntry } from './tool-entry';
import { usePreview } from './use-preview';

const TABS = [
  { value: 'form', label: 'Effects' },
  { value: 'text', label: 'Whole definition' },
];

/** A definition in the making: its effects as rows, or all of it as text; beside it what it makes of sample arguments. */
export function ToolEditor({
  initial,
  before,
  basedOn,
  samples,
  draft,
  onDone,
  onCancel,
}: {
  initial: ToolEntry;
  /** What it is now; null for a new tool. */
  before: ToolEntry | null;
  basedOn: string | null;
  samples: readonly ArgumentSample[];
  /** Proposed by Holdpoint, and confirmed by nobody. */
  draft?: readonly string[];
  onDone: (name: string) => void;
  onCancel: () => void;
}) {
  const [entry, setEntry] = useState(initial);
  const [text, setText] = useState(() => writeEntry(initial));
  const [fault, setFault] = useState<string | null>(null);
  const [tab, setTab] = useState('form');
  const [sample, setSample] = useState<SampleText | null>(null);
  const preview = usePreview(entry, sample?.args ?? null);
  const problems = preview.data?.problems ?? [];
  const effects = effectsOf(entry);
  const change = (next: ToolEntry) => {
    setEntry(next);
    setText(writeEntry(next));
    setFault(null);
  };
  const setEffects = (next: unknown[]) => change({ ...entry, effects: next });
  const problemAt = (pointer: string) => problems.find((p) => p.pointer === pointer)?.message ?? null;
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[1fr_28rem]">
      <Card id="definition" title={before === null ? 'Definition' : `Change ${before.name}`}>
        {draft ? (
          <Callout tone="caution" title="A draft nobody has confirmed" className="mb-4">
            <ul className="mt-1 space-y-1">
              {draft.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </Callout>
        ) : null}
        <Tabs tabs={TABS} value={tab} onValueChange={setTab} label="How to edit">
          <TabPanel value="form" className="pt-4">
            {effects.length === 0 ? (
              <p className="text-base text-soft">No effect yet: every call would be held as unknown.</p>
            ) : (
              <ol className="divide-y divide-line">
                {effects.map((effect, index) => (
                  <EffectRow
                    // biome-ignore lint/suspicious/noArrayIndexKey: effects have no other name than their place
                    key={index}
                    index={index}
                    effect={effect}
                    paths={preview.data?.paths ?? []}
                    advice={preview.data?.result?.effects[index]?.advice ?? []}
                    problemAt={problemAt}
                    onChange={(next) => setEffects(effects.with(index, next))}
                    onRemove={() => setEffects(effects.toSpliced(index, 1))}
                  />
                ))}
              </ol>
            )}
            <Button className="mt-4" onClick={() => setEffects([...effects, { effect: 'read' }])}>
              <Plus /> Add an effect
            </Button>
          </TabPanel>
          <TabPanel value="text" className="pt-4">
            <Field label="YAML, as in a workspace document" error={fault}>
              {(control) => (
                <Textarea
                  {...control}
                  rows={24}
                  spellCheck={false}
                  className="font-mono text-sm leading-6"
                  value={text}
                  onChange={(event) => {
                    setText(event.target.value);
                    const read = readEntry(event.target.value);
                    setFault(read.ok ? null : read.fault);
                    if (read.ok) setEntry(read.entry);
                  }}
                />
              )}
            </Field>
          </TabPanel>
        </Tabs>
        {problems.length > 0 ? (
          <Callout tone="danger" title="Not valid yet" className="mt-4">
            <ul className="mt-1 space-y-1">
              {problems.map(({ pointer, message }) => (
                <li key={pointer + message} className="[overflow-wrap:anywhere]">
                  <code className="text-sm">{pointer}</code> {message}
                </li>
              ))}
            </ul>
          </Callout>
        ) : null}
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          <Button onClick={onCancel}>Cancel</Button>
          <SaveTool
            entry={entry}
            before={before}
            basedOn={basedOn}
            disabled={fault !== null || problems.length > 0}
            onSaved={onDone}
          />
        </div>
      </Card>
      <SamplePanel samples={samples} sample={sample} preview={preview} onSample={setSample} />
    </div>
  );
}
