import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { ClassChips } from '@/components/ui/class-chip';
import type { HttpTargetView } from '@/server/domain/catalog-views';
import type { OperationView } from '@/server/domain/ports';

function Operation({ operation }: { operation: OperationView }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2.5 sm:px-5">
      <span className="min-w-0 flex-1 basis-64">
        <code className="block text-sm [overflow-wrap:anywhere]">{operation.name}</code>
        {operation.summary ? <span className="block text-faint text-sm">{operation.summary}</span> : null}
      </span>
      <ClassChips names={operation.classes} none="no classes declared" />
      {operation.unsupported !== null ? (
        <Badge>cannot be called</Badge>
      ) : operation.effect === null ? (
        <Badge tone="caution">effect not declared</Badge>
      ) : (
        <Badge tone={operation.effect === 'delete' ? 'danger' : 'neutral'}>{operation.effect}</Badge>
      )}
    </li>
  );
}

/** What agents can call on a service, and what its operator has said each call does. */
export function OperationsCard({ target }: { target: HttpTargetView }) {
  const operations = target.check?.operations ?? [];
  return (
    <Card id="operations" title="What agents can call" flush>
      {operations.length === 0 ? (
        <p className="px-4 py-4 text-base text-soft sm:px-5">Check it now to list its operations.</p>
      ) : (
        <>
          <p className="border-line border-b px-4 py-3 text-soft text-sm sm:px-5">
            A method proves nothing: what is not declared under <code>operations</code> of the workspace
            document, or as <code>x-holdpoint</code> in the service’s own, is held as unknown.
          </p>
          <ul className="divide-y divide-line">
            {operations.map((operation) => (
              <Operation key={operation.name} operation={operation} />
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
