// `npm run check`: which rules hold, and what the tools say about those that do not.
import { CHECKS, runCheck } from './checks.mjs';
import { ensureClient, ensurePackages } from './launch/install.mjs';
import { bold, dim, green, red, say } from './launch/narrate.mjs';
import { exitWith } from './plain-problem.mjs';

try {
  await ensurePackages();
  await ensureClient();
  const failed = [];
  for (const check of CHECKS) {
    const { passed, output } = await runCheck(check);
    say(`  ${passed ? green('✓') : red('✗')} ${check.name.padEnd(10)} ${dim(check.say)}`);
    if (!passed) failed.push({ check, output });
  }
  for (const { check, output } of failed) say(`\n${bold(red(check.name))}\n${output.trimEnd()}`);
  if (failed.length > 0)
    say(
      `\n${failed.length} of ${CHECKS.length} checks failed: ${failed.map(({ check }) => check.name).join(', ')}`,
    );
  process.exitCode = failed.length > 0 ? 1 : 0;
} catch (error) {
  exitWith(error);
}
