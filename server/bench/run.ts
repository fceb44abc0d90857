// `npm run bench`: figures of one run, each beside a baseline of the same run. It prints; it never fails because something was slow.
import { findFreePort } from '../../scripts/plain-problem.mjs';
import { measureBacktest } from './measure-backtest';
import { measureInbox } from './measure-inbox';
import { measureLargeTables } from './measure-large-tables';
import { measureLedger } from './measure-ledger';
import { measurePolicy } from './measure-policy';
import { measureRehearsal } from './measure-rehearsal';
import { measureStatements } from './measure-statements';
import { measureSubmissions } from './measure-submissions';
import { measureWaiting } from './measure-waiting';
import { formatRows, type Row } from './report';
import { createRig, type Rig } from './rig';

type Measurement = { title: string; measure(rig: Rig, quick: boolean): Promise<Row[]> };

const MEASUREMENTS: Readonly<Record<string, Measurement>> = {
  submissions: { title: 'Submitting actions that policy allows', measure: measureSubmissions },
  waiting: { title: 'Agents that wait for a decision', measure: measureWaiting },
  statements: { title: 'Statements per request', measure: measureStatements },
  policy: { title: 'Judging an action', measure: measurePolicy },
  backtest: { title: 'Replaying a draft of policy (a tenth with --quick)', measure: measureBacktest },
  ledger: { title: 'The exposure ledger (a tenth with --quick)', measure: measureLedger },
  rehearsal: { title: 'Measuring a SQL statement, on the demo company', measure: measureRehearsal },
  tables: { title: 'Measuring a SQL statement, on tables of two million rows', measure: measureLargeTables },
  inbox: {
    title: 'The inbox, with 100,000 held and 1,000,000 past actions (a tenth with --quick)',
    measure: measureInbox,
  },
};

const args = process.argv.slice(2);
const quick = args.includes('--quick');
/** `--profile=folder`: the server under test leaves a CPU profile there. */
const profileFolder = args.find((arg) => arg.startsWith('--profile='))?.slice('--profile='.length) ?? null;
const named = args.filter((arg) => !arg.startsWith('--'));
const wanted = Object.entries(MEASUREMENTS).filter(([name]) => named.length === 0 || named.includes(name));
if (wanted.length === 0) {
  process.stderr.write(
    `Nothing is measured under ${named.join(', ')}. Known: ${Object.keys(MEASUREMENTS).join(', ')}.\n`,
  );
  process.exit(1);
}

const rig = await createRig(await findFreePort(), profileFolder);
try {
  for (const [, { title, measure }] of wanted) {
    process.stdout.write(formatRows(title, await measure(rig, quick)));
  }
} finally {
  await rig.remove();
}
