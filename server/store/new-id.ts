import { typeid } from 'typeid-js';
import { ID_PREFIXES, type IdKind } from '@/server/domain/ids';

/** A new id that sorts after every earlier one of its kind (to the millisecond). */
export function newId(kind: IdKind): string {
  return typeid(ID_PREFIXES[kind]).toString();
}
