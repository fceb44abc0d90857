import { hashOf } from '@/server/domain/canonical';
import type { Footprint, FootprintItem, UnknownFact } from '@/server/domain/footprint';
import type { Measurement } from '@/server/domain/ports';
import type { EffectKind } from '@/server/domain/vocabulary';
import type { HttpCall } from './http-call';

const isOpen = (name: string): boolean => name === 'public' || name === 'internal';

/**
 * What a method would do where nobody has said more. A GET may do anything: services that delete by GET exist, so it is no read
 * until an operator says so.
 */
function effectOf({ rule, operation }: HttpCall): EffectKind {
  if (rule.effect !== undefined) return rule.effect;
  if (operation.method === 'DELETE') return 'delete';
  return ['POST', 'PUT', 'PATCH'].includes(operation.method) ? 'write' : 'execute';
}

/** Declared classes of what goes out and comes back; null where nobody has said them. */
function classesOf({ rule, body }: HttpCall, effect: EffectKind): string[] | null {
  const asked =
    effect === 'read'
      ? rule.returns
      : (rule.classes ?? (body === null && rule.effect !== undefined ? [] : undefined));
  if (asked === undefined) return null;
  return [...new Set([...asked, ...(rule.classes ?? []), ...(rule.returns ?? [])])].sort();
}

function unknownsOf(http: HttpCall, classes: string[] | null): UnknownFact[] {
  const resource = http.operation.name;
  const unknowns: UnknownFact[] = [];
  if (http.rule.effect === undefined) {
    const message = `Nobody has said what ${resource} does; its method alone proves nothing. Declare its effect at the target.`;
    unknowns.push({ code: 'effect_undeclared', resource, message });
  }
  if (classes === null) {
    const message = `Nobody has said what kind of data ${resource} takes or answers. Declare its classes at the target.`;
    unknowns.push({ code: 'unclassified_columns', resource, message });
  }
  return unknowns;
}

/** What probing found: the service's word for its current state, or why there is none. */
export type Probed = { etag: string | null; unknown: UnknownFact | null; note: string | null };
export const UNPROBED: Probed = { etag: null, unknown: null, note: null };

function requestOf(http: HttpCall, probed: Probed): NonNullable<Footprint['request']> {
  const { credentials } = http.target;
  const sealed =
    credentials === null
      ? []
      : 'header' in credentials
        ? [credentials.header.name]
        : 'query' in credentials
          ? []
          : ['authorization'];
  return {
    method: http.operation.method,
    url: http.url,
    headers: [
      ...Object.entries(http.headers).map(([name, value]) => ({ name, value })),
      ...sealed.map((name) => ({ name: name.toLowerCase(), value: null })),
    ],
    contentType: http.headers['content-type'] ?? null,
    operation: http.operation.name,
    operationId: http.operation.operationId,
    summary: http.operation.summary,
    etag: probed.etag,
  };
}

/** The footprint of one request: what its operator declared, held against the method, and what the service said when it was asked. */
export function httpMeasurement(http: HttpCall, definitionHash: string, probed: Probed): Measurement {
  const { rule, operation, target } = http;
  const effect = effectOf(http);
  const classes = classesOf(http, effect);
  const subjects = rule.subjects ?? (classes?.every(isOpen) ? 0 : null);
  const item: FootprintItem = {
    kind: 'request',
    target: target.name,
    resource: operation.name,
    operation: effect,
    count: rule.count ?? null,
    provenance: rule.count === undefined ? 'unknown' : 'declared',
    classes: classes ?? ['unclassified'],
    subjects,
    reversible: rule.reversible ?? effect === 'read',
    ...(probed.note === null ? {} : { note: probed.note }),
  };
  const footprint: Footprint = {
    version: 1,
    items: [item],
    unknowns: [...unknownsOf(http, classes), ...(probed.unknown === null ? [] : [probed.unknown])],
    subjects,
    method: rule.effect === undefined ? 'none' : 'declared',
    readOnly: effect === 'read',
    definitions: definitionHash,
    ...(probed.etag === null ? {} : { rows: hashOf({ etag: probed.etag }) }),
    request: requestOf(http, probed),
    measuredAt: new Date(0).toISOString(),
    durationMs: 0,
  };
  // Whatever it does, the answer comes back to the agent: of the classes declared, about as many people.
  const disclosed = { classes: item.classes ?? [], subjects: null, count: subjects };
  return { footprint, images: [], imagesTotal: 0, disclosed };
}
