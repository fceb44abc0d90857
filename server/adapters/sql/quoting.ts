/** Names and values as they stand in SQL. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string): string =>
  `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
export const qualified = (schema: string, name: string): string => `${quoteName(schema)}.${quoteName(name)}`;
