import { lintSource } from '@secretlint/core';
import { secretLintProfiler } from '@secretlint/profiler';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import type { Detected } from './detectors';

// The library keeps every step of every scan for a profile nobody asks for, and walks through all of them at each: without end in a server.
secretLintProfiler.mark = () => undefined;

/** Texts could switch rules off by a comment in them; the rule that reads such comments is not among those used. */
const USED = rules.filter((rule) => !rule.meta.id.endsWith('filter-comments'));
const CONFIG = { rules: USED.map((rule) => ({ id: rule.meta.id, rule })) };

/** What the library has no rule for: tokens with a form of their own, and values that the text itself calls a secret. */
const MORE: readonly [detector: string, pattern: RegExp, group: number][] = [
  ['secret.jwt', /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g, 0],
  ['secret.aws', /(?<![A-Za-z0-9])A(?:KIA|SIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g, 0],
  ['secret.stripe', /(?<![A-Za-z0-9])(?:sk|rk)_live_[A-Za-z0-9]{16,}/g, 0],
  ['secret.google', /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g, 0],
  ['secret.gitlab', /(?<![A-Za-z0-9])glpat-[A-Za-z0-9_-]{20,}/g, 0],
  ['secret.private_key', /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/g, 0],
  [
    'secret.named',
    /(?:password|passwd|passphrase|passwort|api[ _-]?key|secret[ _-]?key|access[ _-]?token|client[ _-]?secret)["']?(?:\s{0,3}(?:=|:|\bis\b)){1,2}\s{0,3}["'`]?((?=[^\s"'`]*[\d!@#$%^&*])[^\s"'`,;]{6,200})/gi,
    1,
  ],
];

/** Secrets in a text: keys, tokens, passwords in addresses, private keys. Never rejects; a failing rule throws out nothing but itself. */
export async function findSecrets(text: string): Promise<Detected[]> {
  const { messages } = await lintSource({
    source: { content: text, filePath: 'text.txt', ext: '.txt', contentType: 'text' },
    options: { config: CONFIG, noPhysicFilePath: true },
  });
  const found: Detected[] = messages.map(({ ruleId, range: [start, end] }) => ({
    start,
    end,
    class: 'credential',
    detector: `secret.${ruleId.replace(/^.*secretlint-rule-/, '').replaceAll('-', '_')}`,
  }));
  for (const [detector, pattern, group] of MORE) {
    for (const match of text.matchAll(pattern)) {
      const value = match[group] ?? match[0];
      const end = match.index + match[0].length;
      found.push({ start: end - value.length, end, class: 'credential', detector });
    }
  }
  return found;
}
