// `npm test`: everything that can be tested here, in order, to the end even when a part fails, and the true totals of it all.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ensureClient, ensurePackages } from './launch/install.mjs';
import { bold, dim, green, red, say, yellow } from './launch/narrate.mjs';
import { inRoot } from './launch/paths.mjs';
import { exitWith, PlainProblem } from './plain-problem.mjs';
import { add, nothing, toLine } from './test-totals.mjs';

const TOTALS = inRoot('test-results/totals.txt');

async function listParts() {
  const parts = await import('./test-parts.mjs');
  const { scripts } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  return [
    { name: 'checks', run: parts.runChecks },
    { name: 'unit', run: () => parts.runVitest('unit') },
    { name: 'database', run: () => parts.runVitest('db') },
    ...(scripts['policy:test'] ? [{ name: 'policy cases', run: parts.runPolicyCases }] : []),
    { name: 'build', run: parts.runBuild },
    { name: 'browser', run: parts.runBrowser },
  ];
}

async function runPart(part) {
  say(`\n${bold(part.name)}`);
  const started = performance.now();
  let totals;
  try {
    totals = await part.run();
  } catch (error) {
    say(red(error instanceof PlainProblem ? error.message : (error?.stack ?? String(error))));
    totals = { ...nothing(), failed: 1 };
  }
  return { ...part, ...totals, seconds: (performance.now() - started) / 1000 };
}

function showTable(results, total) {
  const row = (name, { passed, failed, skipped }, time) => {
    const mark = failed > 0 ? red('✗') : green('✓');
    const numbers = [passed, failed, skipped].map((count) => String(count).padStart(9));
    const [all, bad, left] = [
      numbers[0],
      failed ? red(numbers[1]) : numbers[1],
      skipped ? yellow(numbers[2]) : numbers[2],
    ];
    say(`  ${mark} ${name.padEnd(14)}${all}${bad}${left}${dim(time.padStart(10))}`);
  };
  say(
    `\n    ${dim(`${''.padEnd(14)}${'passed'.padStart(9)}${'failed'.padStart(9)}${'skipped'.padStart(9)}`)}`,
  );
  for (const result of results) row(result.name, result, `${result.seconds.toFixed(1)} s`);
  row('all', total, `${results.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(1)} s`);
}

try {
  rmSync(TOTALS, { force: true });
  await ensurePackages();
  await ensureClient();
  const results = [];
  for (const part of await listParts()) results.push(await runPart(part));
  const total = results.reduce(add, nothing());
  showTable(results, total);
  const line = toLine(total);
  mkdirSync(inRoot('test-results'), { recursive: true });
  writeFileSync(TOTALS, `${line}\n`);
  say(`\n${line}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
} catch (error) {
  exitWith(error);
}
