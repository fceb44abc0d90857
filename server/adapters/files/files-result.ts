import type { FilesResult, PlannedCall } from '@/server/domain/ports';
import type { FileChange } from './file-plan';

const RESULT_BYTES = 256 * 1024;
const RESULT_FILES = 500;

function contentOf(content: Buffer): { text: string } | { base64: string } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    if (!text.includes('\u0000')) return { text };
  } catch {
    // No text: handed over as bytes.
  }
  return { base64: content.toString('base64') };
}

/** What the agent gets: each file with its size, its content where it was read, bounded and honest about what was left out. */
export function filesResult(call: PlannedCall, changes: readonly FileChange[]): FilesResult {
  const operation = String(call.args.operation);
  const files: FilesResult['files'] = [];
  let bytes = 0;
  for (const change of changes.slice(0, RESULT_FILES)) {
    const size = change.after?.length ?? change.before?.bytes ?? 0;
    const content = operation === 'read' ? change.before?.content : null;
    bytes += (content?.length ?? 0) + change.path.length + 40;
    if (bytes > RESULT_BYTES) break;
    files.push({ path: change.path.toWellFormed(), bytes: size, ...(content ? contentOf(content) : {}) });
  }
  return { operation, files, count: changes.length, truncated: files.length < changes.length };
}
