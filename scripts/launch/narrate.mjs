// Calm progress on a terminal, plain lines in a log.
const isTerminal = process.stdout.isTTY === true && !process.env.CI;

const paint = (code) => (text) =>
  isTerminal && !process.env.NO_COLOR ? `\u001b[${code}m${text}\u001b[0m` : text;
export const bold = paint(1);
export const dim = paint(2);
export const green = paint(32);
export const red = paint(31);
export const yellow = paint(33);

export const say = (text = '') => process.stdout.write(`${text}\n`);

const seconds = (since) => {
  const elapsed = (performance.now() - since) / 1000;
  return elapsed < 10 ? `${elapsed.toFixed(1)} s` : `${Math.round(elapsed)} s`;
};

/** Runs one step of a start and says what it is while it runs, and how long it took. Nothing claims to be done before it is. */
export async function step(label, work) {
  const started = performance.now();
  const show = () => process.stdout.write(`\r  ${dim('…')} ${label} ${dim(seconds(started))}\u001b[K`);
  if (isTerminal) show();
  else say(`  … ${label}`);
  const ticking = isTerminal ? setInterval(show, 500) : null;
  const clear = () => {
    if (ticking) clearInterval(ticking);
    if (isTerminal) process.stdout.write('\r\u001b[K');
  };
  try {
    const result = await work();
    clear();
    say(`  ${green('✓')} ${label} ${dim(seconds(started))}`);
    return result;
  } catch (error) {
    clear();
    say(`  ${red('✗')} ${label}`);
    throw error;
  }
}
