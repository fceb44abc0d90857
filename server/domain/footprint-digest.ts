import { canonicalJson, hashOf } from './canonical';
import type { Footprint, FootprintItem } from './footprint';

/** The part of an item that a second measurement of an unchanged world repeats exactly. Estimates vary from run to run, so their counts stay out. */
function stableItem(item: FootprintItem) {
  const exact = item.provenance === 'measured' || item.provenance === 'declared';
  return {
    kind: item.kind,
    target: item.target,
    resource: item.resource,
    operation: item.operation,
    provenance: item.provenance,
    count: exact ? item.count : null,
    columns: [...(item.columns ?? [])].sort(),
    classes: [...(item.classes ?? [])].sort(),
    subjects: exact ? (item.subjects ?? null) : null,
    via: item.via ?? null,
    reversible: item.reversible ?? null,
    ...(item.restates === true ? { restates: true } : {}),
    ...(item.money === undefined ? {} : { currency: item.money.currency }),
  };
}

/** Who would come to know, by id: names may change, and when the directory was last synced is not who is in it. */
function stableAudience({ audience }: Footprint) {
  if (audience === undefined) return {};
  const { resolved, lacking, external, truncated, rest } = audience;
  return {
    audience: {
      recipients: audience.recipients
        .map((r) => canonicalJson([r.pointer, r.value, r.resolved, r.count]))
        .sort(),
      members: audience.members.map((m) => canonicalJson([m.kind, m.id, [...m.lacks].sort()])).sort(),
      unbounded: audience.unbounded.map((u) => canonicalJson([u.pointer, u.why, u.name])).sort(),
      resolved,
      lacking,
      external,
      truncated,
      rest: rest ?? null,
    },
  };
}

/** Which kinds of data it carries and how that is known; where in the text they stand follows from the arguments. */
function stablePayload({ payload }: Footprint) {
  if (payload === undefined) return {};
  const classes = payload.classes.map((c) => `${c.class} ${c.from}${c.possible === true ? ' possible' : ''}`);
  return { payload: { classes: [...new Set(classes)].sort(), truncated: payload.truncated } };
}

/**
 * The identity of what would be touched: equal exactly when a reviewer would be shown the same facts about the same rows under the same
 * definitions. Independent of the order of items and of when it was measured.
 */
export function footprintDigest(footprint: Footprint): string {
  const items = footprint.items.map((item) => canonicalJson(stableItem(item))).sort();
  const unknowns = footprint.unknowns.map((u) => `${u.code} ${u.resource ?? ''}`).sort();
  return `sha256:${hashOf({
    v: footprint.version,
    items,
    unknowns,
    subjects: footprint.subjects,
    method: footprint.method,
    forbidden: footprint.forbidden?.rule ?? null,
    as: footprint.as ?? null,
    readOnly: footprint.readOnly,
    definitions: footprint.definitions ?? null,
    rows: footprint.rows ?? null,
    ...stableAudience(footprint),
    ...stablePayload(footprint),
  })}`;
}
