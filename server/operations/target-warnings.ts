import type { TargetCheck } from '@/server/domain/ports';

/** What inspecting a target found, as sentences for whoever registers it, most serious first. */
export function warnAbout(target: string, check: TargetCheck): string[] {
  const findings = check.findings.filter((finding) => finding.severity !== 'info');
  const serious = findings.filter((finding) => finding.severity === 'error');
  const rest = findings.filter((finding) => finding.severity === 'warning');
  const said = [...serious, ...rest].map((finding) => `Target ${target}: ${finding.message}`);
  if (check.reachable) return said;
  return [
    `Target ${target} could not be reached: until it can, every action on it is held as unknown. Correct its connection, or check it again from its page.`,
    ...said,
  ];
}
