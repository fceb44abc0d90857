import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { DATA, inData } from './paths.mjs';

/** The folder itself is closed to others: what lies in it opens everything. */
export function ensureDataFolder() {
  mkdirSync(DATA, { recursive: true, mode: 0o700 });
}

/** Written aside and moved, so that a start killed half-way leaves the whole file or none. */
export function writePrivate(path, text) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}

/** A secret made once per installation and kept in the data folder, readable by its owner only. */
export function keptSecret(name, bytes = 32, encoding = 'base64') {
  const file = inData(name);
  if (!existsSync(file)) writePrivate(file, `${randomBytes(bytes).toString(encoding)}\n`);
  return readFileSync(file, 'utf8').trim();
}
