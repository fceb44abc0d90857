type Read = { ok: true; subjects: Record<string, string> } | { ok: false; fault: string };

/** Subjects as lines people edit, one `schema.table: path` each. */
export function writeSubjects(subjects: Readonly<Record<string, string>>): string {
  return Object.entries(subjects)
    .map(([table, path]) => `${table}: ${path}`)
    .join('\n');
}

/** Reads such lines back; names the first line that is none. */
export function readSubjects(text: string): Read {
  const subjects: Record<string, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [, table, path] = /^\s*([^:]+?)\s*:\s*(.+?)\s*$/.exec(line) ?? [];
    if (table === undefined || path === undefined) {
      return { ok: false, fault: `Line ${index + 1} is not like public.employees: id` };
    }
    if (Object.hasOwn(subjects, table)) return { ok: false, fault: `${table} stands here twice.` };
    subjects[table] = path;
  }
  return { ok: true, subjects };
}
