import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A small handbook as a company would keep it: pages, drafts nobody needs any more, and notes about people. */
const PAGES: Readonly<Record<string, string>> = {
  'README.md':
    '# Handbook\n\nHow Larkfield Supply Co. works. Change it like everything else: say why, and let somebody look.\n',
  'policies/expenses.md':
    '# Expenses\n\n- Up to 150 EUR a person decides alone.\n- Above that a department head signs.\n- Receipts within thirty days.\n',
  'policies/travel.md':
    '# Travel\n\n- Trains before planes where it takes less than six hours.\n- Hotels up to 140 EUR a night.\n',
  'policies/on-call.md':
    '# On call\n\n- One week, handed over on Mondays at ten.\n- Whoever was woken may start at noon.\n',
  'drafts/2023-offsite.md': '# Offsite 2023\n\nLisbon or Porto? Ask Nadia about the dates.\n',
  'drafts/2024-offsite.md': '# Offsite 2024\n\nPorto. Rooms are booked until Friday.\n',
  'drafts/old-price-list.md': '# Price list (old)\n\nReplaced by the one in the shop.\n',
  'people/anniversaries.md':
    '# Anniversaries\n\n- Ana Ruiz: ten years in March\n- Lee Park: five years in June\n',
};

/** Writes the handbook and commits it, so that what is changed in it can be brought back. Without git it is a folder like any other. */
export async function createHandbook(root: string): Promise<void> {
  for (const [path, text] of Object.entries(PAGES)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=Larkfield', '-c', 'user.email=handbook@larkfield.example', ...args], {
      cwd: root,
    });
  try {
    await git('init', '-q');
    await git('add', '-A');
    await git('commit', '-q', '--no-gpg-sign', '-m', 'The handbook as it was');
  } catch {
    // No git here: then nothing can be undone, and the demo says so.
  }
}
