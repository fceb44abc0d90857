import { filter as compile, type Filter, parse } from 'scim2-parse-filter';
import type { ScimLookup } from '@/server/domain/scim-lookup';
import {
  ENTERPRISE_SCHEMA,
  GROUP_SCHEMA,
  ScimFault,
  type ScimJson,
  USER_SCHEMA,
} from '@/server/domain/scim-shapes';

const TEXT_MAX = 1_000;

export type ScimFilter = { simple: ScimLookup | null; matches(resource: ScimJson): boolean };

function bare(path: string): string {
  const lower = path.toLowerCase();
  for (const schema of [USER_SCHEMA, GROUP_SCHEMA, ENTERPRISE_SCHEMA]) {
    if (lower.startsWith(`${schema.toLowerCase()}:`)) return lower.slice(schema.length + 1);
  }
  return lower;
}

/** Attribute names and texts compare without regard to case: SCIM has it so for what filters are used for here. */
function lowered(node: Filter): Filter {
  switch (node.op) {
    case 'and':
    case 'or':
      return { ...node, filters: node.filters.map(lowered) };
    case 'not':
      return { ...node, filter: lowered(node.filter) };
    case '[]':
      return { ...node, attrPath: bare(node.attrPath), valFilter: lowered(node.valFilter) };
    case 'pr':
      return { ...node, attrPath: bare(node.attrPath) };
    default: {
      const value = typeof node.compValue === 'string' ? node.compValue.toLowerCase() : node.compValue;
      return { ...node, attrPath: bare(node.attrPath), compValue: value };
    }
  }
}

function loweredValue(value: unknown): unknown {
  if (typeof value === 'string') return value.toLowerCase();
  if (Array.isArray(value)) return value.map(loweredValue);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.toLowerCase(), loweredValue(inner)]),
  );
}

const SIMPLE: Readonly<Record<string, ScimLookup['attribute']>> = {
  username: 'userName',
  externalid: 'externalId',
  displayname: 'displayName',
  id: 'id',
  'emails.value': 'email',
  emails: 'email',
};

function simpleOf(node: Filter): ScimLookup | null {
  if (node.op !== 'eq' || typeof node.compValue !== 'string') return null;
  const attribute = SIMPLE[bare(node.attrPath)];
  return attribute === undefined ? null : { attribute, value: node.compValue };
}

/** Reads a filter (RFC 7644, 3.4.2.2). Throws `ScimFault` for one that is none. */
export function readScimFilter(text: string): ScimFilter {
  if (text.length > TEXT_MAX)
    throw new ScimFault(400, 'invalidFilter', `A filter has at most ${TEXT_MAX} characters.`);
  try {
    const node = parse(text);
    const test = compile(lowered(node));
    return {
      simple: simpleOf(node),
      matches: (resource) => test(loweredValue({ ...resource, ...(resource[ENTERPRISE_SCHEMA] as object) })),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read';
    throw new ScimFault(
      400,
      'invalidFilter',
      `This is no filter like userName eq "ana@example.com": ${why.slice(0, 200)}.`,
    );
  }
}
