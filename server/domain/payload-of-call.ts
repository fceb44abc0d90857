import { type ArgumentLeaf, argumentLeaves } from './argument-values';
import type { EffectReading } from './effect-reading';
import { OriginSource } from './origin-source';
import type { OriginSources } from './origins';
import type { Payload, PayloadClass, PayloadFinding } from './payload';
import { plainForm } from './plain-form';
import type { PayloadScanner } from './ports';
import type { RunSoFar } from './surroundings';
import { formsOf } from './value-forms';
import { RUN_WORDS, readWords } from './word-index';

const FINDINGS_MAX = 200;
/** Detectors of how to reach somebody: whom the goal names in full is nothing the run gives away. */
const CONTACT: ReadonlySet<string> = new Set(['email', 'phone']);
/** Says where something goes or what is acted on: an address there is no data that is sent along. */
const NAMES_PLACES: ReadonlySet<ArgumentLeaf['role']> = new Set([
  'recipient',
  'account',
  'resource',
  'amount',
]);
const WORDS_MAX = 30_000;

type Args = Readonly<Record<string, unknown>>;
/** Results made ready for searching, by the tool they came from. */
export type ReadyResult = { tool: string; source: OriginSource };
export type PayloadQuestion = {
  args: Args;
  /** The effects that apply to these arguments. */
  readings: readonly EffectReading[];
  run: RunSoFar | null;
  results: readonly ReadyResult[];
};

/** Whether data can leave by it: everything that is not a plain read, and reads of a place the agent names. */
const carries = ({ effect }: EffectReading): boolean =>
  effect.effect !== 'read' || effect.location !== undefined;

const sourceOf = (value: unknown): OriginSource | null =>
  value === null || value === undefined ? null : new OriginSource(JSON.stringify(value));

type Asked = { goal: OriginSource | null; mandate: OriginSource | null };
const askedOf = (sources: OriginSources | undefined): Asked => ({
  goal: sourceOf(sources?.goal),
  mandate: sourceOf(sources?.mandate),
});

/** Between two arguments: nothing that is found reaches from one into the next. */
const BORDER = '\n\n';

/** Scans all arguments as one text: a thousand short ones cost no more than a long one. */
async function scanLeaves(leaves: readonly ArgumentLeaf[], scanner: PayloadScanner, asked: Asked) {
  const { findings, whole } = await scanner.scan(leaves.map((leaf) => leaf.value).join(BORDER));
  const kept: PayloadFinding[] = [];
  let [at, begin] = [0, 0];
  for (const { start, end, ...finding } of findings) {
    while (at + 1 < leaves.length && start >= begin + (leaves[at]?.value.length ?? 0) + BORDER.length) {
      begin += (leaves[at]?.value.length ?? 0) + BORDER.length;
      at += 1;
    }
    const leaf = leaves[at];
    if (leaf === undefined || end > begin + leaf.value.length) continue;
    const found: PayloadFinding = {
      pointer: leaf.pointer,
      start: start - begin,
      end: end - begin,
      ...finding,
    };
    if (isCarried(leaf, found, asked)) kept.push(found);
  }
  return { findings: kept, whole };
}

function isCarried(
  leaf: ArgumentLeaf,
  { start, end, detector, class: name }: PayloadFinding,
  asked: Asked,
): boolean {
  if (name === 'credential') return true;
  if (NAMES_PLACES.has(leaf.role)) return false;
  const forms = CONTACT.has(detector) ? formsOf(leaf.value.slice(start, end)) : [];
  return !(asked.goal?.holds(forms) || asked.mandate?.holds(forms));
}

/** Whether every word of a text stands in what was asked or in results that do not carry the class, in runs or as a whole value. */
function isAccountedFor(text: string, sources: readonly OriginSource[]): boolean {
  const words = readWords(plainForm(text), WORDS_MAX + 1);
  if (words.count === 0) return true;
  if (words.count > WORDS_MAX) return false;
  const forms = formsOf(text);
  if (sources.some((source) => source.holds(forms))) return true;
  if (words.count < RUN_WORDS) return false;
  const covered = new Uint8Array(words.count);
  for (const source of sources) source.cover(words, covered);
  return covered.every((each) => each === 1);
}

/** Whether something of these results stands in the text: a run of its words, or a value of its own like a number. */
function appearsIn(text: string, results: readonly OriginSource[], asked: readonly OriginSource[]): boolean {
  const words = readWords(plainForm(text), WORDS_MAX);
  const covered = new Uint8Array(words.count);
  const theirs = results.reduce((sum, source) => sum + source.cover(words, covered), 0);
  if (theirs > 0 && !isAccountedFor(text, asked)) return true;
  const telling = text.match(/(?<![\p{L}\p{N}])[\p{L}\p{N}][\p{L}\p{N}.,@_-]*\d[\p{L}\p{N}.,@_-]*/gu) ?? [];
  return telling.slice(0, 300).some((value) => {
    const forms = formsOf(value.replace(/[.,]+$/, ''));
    return results.some((source) => source.holds(forms)) && !asked.some((source) => source.holds(forms));
  });
}

/**
 * Which of the run's labels reach what is sent. A label reaches it unless shown otherwise: every word stands in the goal, the mandate or in
 * results that do not carry the label. What merely could carry it, said in other words, is marked `possible`.
 */
function labelsReaching(
  texts: readonly string[],
  question: PayloadQuestion,
  asked: Asked,
  byReference: boolean,
): PayloadClass[] {
  const { run, results } = question;
  const given = [asked.goal, asked.mandate].filter((s) => s !== null);
  return (run?.labels ?? []).flatMap(({ class: name, tool }): PayloadClass[] => {
    const carriers = new Set(run?.labels.filter((l) => l.class === name).map((l) => l.tool));
    const labelled = results.filter((r) => carriers.has(r.tool)).map((r) => r.source);
    const others = results.filter((r) => !carriers.has(r.tool)).map((r) => r.source);
    if (texts.some((text) => appearsIn(text, labelled, given))) return [{ class: name, from: 'run', tool }];
    const free = byReference || texts.some((text) => !isAccountedFor(text, [...given, ...others]));
    return free ? [{ class: name, from: 'run', tool, possible: true }] : [];
  });
}

function distinct(classes: readonly PayloadClass[]): PayloadClass[] {
  const seen = new Set<string>();
  return classes.filter((c) => {
    const key = `${c.class} ${c.from} ${c.tool ?? ''}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** What is sent without standing in the arguments: a file by its name, a page behind a link. */
const sendsByReference = (readings: readonly EffectReading[]): boolean =>
  readings.some(
    (r) =>
      r.effect.effect !== 'read' &&
      r.effect.effect !== 'pay' &&
      r.recipients !== null &&
      r.effect.resource !== undefined,
  );

/**
 * What data a call carries outwards: declared by its effects, found in its texts, or read by its run before. Null when nothing could leave by
 * it. Findings say where data stands, never what it is. Adding text, a label or a finding never takes a class away.
 */
export async function payloadOf(question: PayloadQuestion, scanner: PayloadScanner): Promise<Payload | null> {
  const carrying = question.readings.filter(carries);
  if (carrying.length === 0) return null;
  const effects = carrying.map((r) => r.effect);
  const { leaves, whole } = argumentLeaves(question.args, effects);
  const asked = askedOf(question.run?.sources);
  const { findings, whole: scannedWhole } = await scanLeaves(leaves, scanner, asked);
  const texts = leaves.filter((leaf) => !NAMES_PLACES.has(leaf.role)).map((leaf) => leaf.value);
  const classes = distinct([
    ...carrying.flatMap((r) => (r.classes ?? []).map((c): PayloadClass => ({ class: c, from: 'declared' }))),
    ...findings.map((f): PayloadClass => ({ class: f.class, from: 'scan' })),
    ...labelsReaching(texts, question, asked, sendsByReference(carrying)),
  ]);
  return {
    classes,
    findings: findings.slice(0, FINDINGS_MAX),
    truncated: !whole || !scannedWhole || findings.length > FINDINGS_MAX,
    scanned: effects.some((e) => e.content !== undefined) ? 'content' : 'everything',
    read: [...new Set(question.run?.labels.map((l) => l.class) ?? [])].sort(),
  };
}
