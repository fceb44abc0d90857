import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
/** Everything an installation keeps: the database, its passwords, the secret. HOLDPOINT_DATA names another place, for a second one. */
export const DATA = resolve(ROOT, process.env.HOLDPOINT_DATA ?? '.holdpoint');
export const inData = (...parts) => join(DATA, ...parts);
export const inRoot = (...parts) => join(ROOT, ...parts);
