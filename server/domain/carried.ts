import type { Footprint, UnknownFact } from './footprint';
import type { Payload } from './payload';

const unread = (tool: string): UnknownFact => ({
  code: 'payload_unread',
  resource: tool,
  message: 'It carries more than could be looked at.',
});

const isOpen = (name: string): boolean => name === 'public' || name === 'internal';

/** Content that would be open to every reviewer by where it stands is guarded by what was found in it. */
function guarded(classes: NonNullable<Footprint['columnClasses']>, { findings }: Payload) {
  const found = findings.find((f) => f.pointer === '/content' && !isOpen(f.class))?.class;
  if (found === undefined) return classes;
  return Object.fromEntries(
    Object.entries(classes).map(([resource, columns]) => [
      resource,
      columns.content !== undefined && isOpen(columns.content) ? { ...columns, content: found } : columns,
    ]),
  );
}

/** A footprint together with what the call carries; what was not looked at whole is unknown. */
export const withPayload = <F extends Omit<Footprint, 'measuredAt'>>(
  footprint: F,
  payload: Payload | null,
  tool: string,
): F =>
  payload === null
    ? footprint
    : {
        ...footprint,
        unknowns: payload.truncated ? [...footprint.unknowns, unread(tool)] : footprint.unknowns,
        ...(footprint.columnClasses === undefined
          ? {}
          : { columnClasses: guarded(footprint.columnClasses, payload) }),
        payload,
      };
