import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ToolResult } from '@/server/domain/ports';
import type { AgentActionView } from '@/server/domain/views';
import { type AgentClient, Unreachable } from './agent-client';
import type { Narrator } from './narrator';

export const AGENT = 'payroll-assistant';
const GOAL =
  'Month-end payroll: correct the night-shift allowance in Logistics by 3.5 %, and erase the records of the people who left longest ago.';
const WAIT_SECONDS = 50;
const STILL_OPEN: ReadonlySet<string> = new Set(['submitted', 'measuring', 'held', 'released', 'executing']);

type Step = { thought: string; statement: string; params?: unknown[]; reason: string };
/** What was submitted and why, for telling the answer apart from others. */
type Submitted = { view: AgentActionView; thought: string };
type World = { client: AgentClient; narrator: Narrator; runId: string; isPatient: boolean };

/** One month-end: reads that flow, an UPDATE and a DELETE that people decide, and an export that policy denies. */
export async function runPayrollTask(
  client: AgentClient,
  narrator: Narrator,
  isPatient: boolean,
): Promise<void> {
  const { name, workspace } = await client.whoami();
  narrator.task(name, workspace, GOAL);
  const { runId } = await client.startRun({ goal: GOAL });
  const world = { client, narrator, runId, isPatient };

  await read(world, 1, {
    thought: 'Finds the department.',
    statement: 'SELECT id, name, cost_centre FROM departments ORDER BY id',
    reason: 'I need the id of Logistics.',
  });
  await read(world, 2, {
    thought: 'Counts who is on the night shift.',
    statement: `SELECT job_title, count(*)::int AS people
FROM employees
WHERE department_id = $1 AND left_on IS NULL
GROUP BY job_title ORDER BY people DESC`,
    params: [6],
    reason: 'The allowance is due to night shift pickers only; I check that the title exists.',
  });
  const leavers = await read(world, 3, {
    thought: 'Looks which years of leavers are still on file.',
    statement: `SELECT extract(year FROM left_on)::int AS year, count(*)::int AS people
FROM employees
WHERE left_on IS NOT NULL
GROUP BY year ORDER BY year`,
    reason: 'The retention rule names the oldest year first.',
  });
  const raise = await submit(world, 4, {
    thought: 'Corrects the salaries.',
    statement: `UPDATE employees
SET salary = round(salary * 1.035, 2)
WHERE department_id = $1 AND job_title = $2 AND left_on IS NULL`,
    params: [6, 'Night shift picker'],
    reason: 'The collective agreement raises the night-shift allowance by 3.5 % from this month.',
  });
  const year = oldestYears(leavers);
  const erase = year === null ? null : await submit(world, 5, eraseStep(year));
  const stopped = await submit(world, 6, {
    thought: 'Tries to write a file of everybody’s salary, because the bank’s old form asks for one.',
    statement: `COPY (SELECT full_name, iban, salary FROM employees) TO '/tmp/salaries.csv'`,
    reason: 'The form on the bank’s page wants a CSV file.',
  });
  const held = [raise, erase].filter((submitted) => submitted !== null).filter(isOpen);
  await decide(world, held);
  narrator.line();
  if (!isPatient && held.length > 0) {
    narrator.aside(`The run stays open (${runId}): people can still decide.`);
  } else {
    const outcome = `${held.length} decided by people, ${stopped.view.status === 'denied' ? 1 : 0} denied by policy.`;
    await client.finishRun({ runId, outcome });
    narrator.aside(`The run is finished (${runId}): ${outcome}`);
  }
  narrator.line();
}

const PEOPLE_AT_ONCE = 9;
/** The last of the oldest years that together hold few enough people for one reviewer to look at; null when nobody is left. */
function oldestYears(leavers: ToolResult | null): number | null {
  let year: number | null = null;
  let people = 0;
  for (const row of leavers?.rows ?? []) {
    people += Number(row.people);
    if (year !== null && people > PEOPLE_AT_ONCE) break;
    year = Number(row.year);
  }
  return year;
}

const eraseStep = (year: number): Step => ({
  thought: `Erases the people who left in ${year} or before.`,
  statement: 'DELETE FROM employees WHERE left_on < make_date($1 + 1, 1, 1)',
  params: [year],
  reason: `The retention period is over for everybody who left up to ${year}; payslips and absences go with them.`,
});

async function submit(world: World, number: number, step: Step): Promise<Submitted> {
  world.narrator.step(number, step.thought, step.statement);
  const submitted = await world.client.submit({
    runId: world.runId,
    tool: 'company.sql',
    args: { statement: step.statement, ...(step.params ? { params: step.params } : {}) },
    reason: step.reason,
    idempotencyKey: randomUUID(),
  });
  const view = await settle(world, submitted);
  world.narrator.status(view);
  if (view.status === 'held') world.narrator.link(view.url);
  return { view, thought: step.thought };
}

/** Past measuring: until then even the agent cannot know whether anybody will be asked. */
async function settle(world: World, submitted: AgentActionView): Promise<AgentActionView> {
  let view = submitted;
  while (STILL_OPEN.has(view.status) && view.status !== 'held') {
    view = await world.client.wait({ actionId: view.actionId, waitSeconds: 2 });
  }
  return view;
}

async function read(world: World, number: number, step: Step): Promise<ToolResult | null> {
  const submitted = await submit(world, number, step);
  const [done] = await decide(world, [submitted], { isQuiet: submitted.view.status === 'succeeded' });
  return done?.status === 'succeeded' ? (done.result as ToolResult) : null;
}

const isOpen = ({ view }: Submitted): boolean => STILL_OPEN.has(view.status);

/** Waits for people, in whatever order they decide, and tells each answer as it comes. */
async function decide(
  world: World,
  submitted: Submitted[],
  { isQuiet = false } = {},
): Promise<AgentActionView[]> {
  const open = submitted.filter(isOpen).length;
  if (open > 0 && !world.isPatient) {
    world.narrator.aside('Not waiting for the decision (--once).');
    return submitted.map(({ view }) => view);
  }
  if (open > 0) {
    world.narrator.line();
    world.narrator.aside(
      `Waiting for ${open === 1 ? 'a decision' : `${open} decisions`}. Ctrl-C ends the agent; what it planned stays held.`,
    );
  }
  return Promise.all(
    submitted.map(async ({ view, thought }) => {
      const decided = await waitForPeople(world, view);
      tell(world.narrator, decided, isQuiet ? null : thought);
      return decided;
    }),
  );
}

async function waitForPeople(world: World, held: AgentActionView): Promise<AgentActionView> {
  let view = held;
  while (STILL_OPEN.has(view.status)) {
    try {
      view = await world.client.wait({ actionId: view.actionId, waitSeconds: WAIT_SECONDS });
    } catch (error) {
      // A restart of the server loses nothing that was acknowledged: ask again until it is back.
      if (!(error instanceof Unreachable)) throw error;
      await pause(1000);
    }
  }
  return view;
}

/** `thought` is null where the answer stands right below its step. */
function tell(narrator: Narrator, view: AgentActionView, thought: string | null): void {
  const result = view.result as ToolResult | undefined;
  if (thought !== null) {
    narrator.line();
    narrator.line(`  ${thought}`);
    const count = result?.rowCount ?? 0;
    narrator.status(view, view.status === 'succeeded' ? `: ${count} ${count === 1 ? 'row' : 'rows'}` : '');
  }
  if (view.note) narrator.note(view.note);
  if (view.status === 'succeeded' && result) narrator.result(result);
}
