import { hashOf } from '@/server/domain/canonical';
import type { Footprint, FootprintItem, RowImage, UnknownFact } from '@/server/domain/footprint';
import type { Measurement } from '@/server/domain/ports';
import { COMPARED_BYTES, type FileChange, type FilePlan, planFingerprint } from './file-plan';
import type { FilesCall } from './files-call';

const IMAGES_MAX = 300;
const IMAGE_BYTES_MAX = 4 * 1024 * 1024;
const GIT_PATHS_MAX = 5_000;
const isOpen = (name: string): boolean => name === 'public' || name === 'internal';

const OPERATIONS = {
  read: 'read',
  insert: 'insert',
  update: 'update',
  delete: 'delete',
  move: 'update',
} as const;

/** Names alone are internal: a listing shows no content, whatever the files hold. */
const classesOf = (call: FilesCall, changes: readonly FileChange[]): string[] =>
  call.operation === 'list' ? ['internal'] : [...new Set(changes.map((c) => c.classification))].sort();

function noteOf(call: FilesCall, changes: readonly FileChange[], plan: FilePlan): string | undefined {
  const notes = [
    call.operation === 'move' ? `becomes ${call.to}` : null,
    call.operation === 'list' ? 'names and sizes only' : null,
    plan.left > 0
      ? `${plan.left} ${plan.left === 1 ? 'link or special file is' : 'links or special files are'} left alone`
      : null,
    plan.movedOn > 0
      ? `${plan.movedOn} ${plan.movedOn === 1 ? 'file has' : 'files have'} changed since and ${plan.movedOn === 1 ? 'stays' : 'stay'} as ${plan.movedOn === 1 ? 'it is' : 'they are'}`
      : null,
    changes.some((c) => !c.restorable) ? 'not in git as they are now' : null,
  ].filter((note) => note !== null);
  return notes.length === 0 ? undefined : notes.join('; ');
}

function itemsOf(call: FilesCall, plan: FilePlan): FootprintItem[] {
  const groups = new Map<string, FileChange[]>();
  for (const change of plan.changes) {
    const key = `${change.operation} ${change.restorable}`;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  const resource = 'path' in call.select ? call.select.path : call.select.glob;
  const items = [...groups.values()].map((changes): FootprintItem => {
    const [first] = changes as [FileChange];
    const classes = classesOf(call, changes);
    const note = noteOf(call, changes, plan);
    const { versioned } = plan;
    const replaced = first.operation === 'update' || first.operation === 'delete';
    return {
      kind: 'file',
      target: call.target.name,
      resource,
      operation: OPERATIONS[first.operation],
      count: changes.length,
      provenance: 'measured',
      classes,
      subjects: classes.every(isOpen) ? 0 : null,
      reversible: first.restorable,
      bytes: changes.reduce((sum, c) => sum + (c.before?.bytes ?? c.after?.length ?? 0), 0),
      ...(replaced && first.restorable && versioned !== null
        ? { git: { revision: versioned.revision, paths: changes.slice(0, GIT_PATHS_MAX).map((c) => c.path) } }
        : {}),
      ...(note === undefined ? {} : { note }),
    };
  });
  if (items.length > 0 || plan.unknown !== null) return items;
  const operation = (
    {
      read: 'read',
      list: 'read',
      write: 'update',
      append: 'update',
      delete: 'delete',
      move: 'update',
      restore: 'update',
    } as const
  )[call.operation];
  return [
    {
      kind: 'file',
      target: call.target.name,
      resource,
      operation,
      count: 0,
      provenance: 'measured',
      subjects: 0,
      reversible: true,
      bytes: 0,
      ...(plan.movedOn > 0 ? { note: 'all of them have changed since, and stay as they are' } : {}),
    },
  ];
}

/** Text a person can read, or null for what is none or too large to compare. */
function readable(bytes: Buffer | null): string | null {
  if (bytes === null || bytes.length > COMPARED_BYTES || bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const side = (of: { bytes: number; content: Buffer | null } | null): Record<string, unknown> | null => {
  if (of === null) return null;
  const content = readable(of.content);
  return { bytes: of.bytes, ...(content === null ? {} : { content }) };
};

/** Each file as a row: its path is the resource, so that every file is masked by its own class. */
function imagesOf(call: FilesCall, plan: FilePlan): RowImage[] {
  const images: RowImage[] = [];
  let size = 0;
  for (const change of plan.changes.slice(0, IMAGES_MAX)) {
    const before = side(change.before);
    const after =
      change.operation === 'move'
        ? { ...before, path: change.to }
        : side(change.after === null ? null : { bytes: change.after.length, content: change.after });
    const image: RowImage = {
      resource: change.path,
      operation: OPERATIONS[change.operation],
      key: change.path,
      before: change.operation === 'read' ? null : before,
      after:
        change.operation === 'read'
          ? call.operation === 'list'
            ? { bytes: change.before?.bytes }
            : before
          : after,
    };
    size += JSON.stringify(image).length;
    if (size > IMAGE_BYTES_MAX) break;
    images.push(image);
  }
  return images;
}

/** The footprint of a plan: exact counts and bytes, what of it git could bring back, and every file's content as the digest. */
export function filesMeasurement(call: FilesCall, plan: FilePlan, definitionHash: string): Measurement {
  const images = imagesOf(call, plan);
  const classes = classesOf(call, plan.changes);
  const unclassified = plan.changes.length > 0 && classes.includes('unclassified');
  const unknowns: UnknownFact[] = [
    ...(plan.unknown === null ? [] : [plan.unknown]),
    ...(unclassified
      ? [
          {
            code: 'unclassified_columns' as const,
            message: 'Nobody has said what kind of data some of these files hold.',
          },
        ]
      : []),
  ];
  const isRead = call.operation === 'read' || call.operation === 'list';
  const footprint: Footprint = {
    version: 1,
    items: plan.forbidden === null ? itemsOf(call, plan) : [],
    unknowns: plan.forbidden === null ? unknowns : [],
    subjects: plan.unknown === null && classes.every(isOpen) ? 0 : null,
    method: plan.unknown === null && plan.forbidden === null ? 'inspected' : 'none',
    readOnly: isRead && plan.forbidden === null && plan.unknown === null,
    definitions: definitionHash,
    rows: hashOf(planFingerprint(plan)),
    columnClasses: Object.fromEntries(
      images.map(({ resource }) => {
        const of = plan.changes.find((c) => c.path === resource)?.classification ?? 'unclassified';
        return [resource, { content: of, bytes: 'internal', path: 'internal' }];
      }),
    ),
    ...(plan.forbidden === null ? {} : { forbidden: { rule: 'file_escape', message: plan.forbidden } }),
    measuredAt: new Date(0).toISOString(),
    durationMs: 0,
  };
  return {
    footprint,
    images: plan.forbidden === null ? images : [],
    imagesTotal: plan.unknown === null ? plan.changes.length : null,
  };
}
