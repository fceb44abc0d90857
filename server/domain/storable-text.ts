import type { z } from 'zod';

/** U+0000 and lone surrogates have no place in PostgreSQL's text: they would be refused or altered on the way to a reader. */
export function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}

/** The same text, refused with a pointer to it where it could not be stored or looked up. */
export const storable = (text: z.ZodString): z.ZodString =>
  text.refine(isStorable, 'contains a NUL character or half of a surrogate pair; remove it');
