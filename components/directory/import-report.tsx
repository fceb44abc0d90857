import { PlanList } from '@/components/apply/plan-list';
import { Callout } from '@/components/ui/callout';
import { counted } from '@/components/ui/number-words';
import type { DirectoryImport } from '@/server/domain/directory-views';

/** What a file would create, change and disable, or every line that is wrong with what to do about it. */
export function ImportReport({ report }: { report: DirectoryImport }) {
  const bad = report.problems.length + report.moreProblems;
  if (bad > 0) {
    return (
      <Callout tone="danger" role="alert" title={`${counted(bad, 'line')} to correct; nothing was imported`}>
        <ul className="mt-2 space-y-1.5">
          {report.problems.map((problem) => (
            <li key={`${problem.line} ${problem.message}`} className="flex gap-3 [overflow-wrap:anywhere]">
              <span className="tabular w-16 shrink-0 font-semibold">line {problem.line}</span>
              <span className="min-w-0">{problem.message}</span>
            </li>
          ))}
        </ul>
        {report.moreProblems > 0 ? <p className="mt-2">and {report.moreProblems} more</p> : null}
      </Callout>
    );
  }
  return (
    <div className="space-y-3">
      <p className="font-medium text-base" role="status">
        {report.created} new, {report.updated} changed, {report.disabled} disabled, {report.unchanged}{' '}
        unchanged
      </p>
      <PlanList changes={report.changes} warnings={[]} />
    </div>
  );
}
