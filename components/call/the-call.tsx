import type { ReactNode } from 'react';
import { SqlText } from '@/components/sql/sql-text';
import { Digest } from '@/components/ui/digest';
import type { ActionDetail } from '@/server/domain/views';
import { originsAt } from './argument-leaves';
import { ArgumentsList } from './arguments-list';
import { OriginMark } from './origin-mark';
import { RequestView } from './request-view';

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-faint text-sm">{name}</dt>
      <dd className="mt-0.5 break-words text-base">{children}</dd>
    </div>
  );
}

function Facts({ action }: { action: ActionDetail }) {
  const { targetDetail: target, toolDetail: tool } = action;
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-4 lg:grid-cols-4">
      <Fact name="Tool">
        <code className="text-sm">{tool.name}</code>
      </Fact>
      <Fact name="Target">
        {target ? (
          <>
            <code className="text-sm">{target.name}</code>
            <span className="block break-all text-faint text-sm">{target.address}</span>
          </>
        ) : (
          'outside Holdpoint'
        )}
      </Fact>
      <Fact name="Runs as">
        {tool.execution === 'broker' ? (
          <>
            <code className="text-sm">
              {target?.role ?? (tool.kind === 'sql' ? 'its own role' : 'Holdpoint')}
            </code>
            <span className="block text-faint text-sm">by Holdpoint, with its own credentials</span>
          </>
        ) : (
          'the agent itself, with a single-use release'
        )}
      </Fact>
      <Fact name="Digest">
        <Digest value={action.digest} label="Copy the action’s digest" />
        <span className="block text-faint text-sm">what a decision is bound to</span>
      </Fact>
    </dl>
  );
}

/** The call exactly as it would run: where, as whom, and every byte of it. */
export function TheCall({ action }: { action: ActionDetail }) {
  const { statement, ...rest } = action.args;
  const sql = action.toolDetail.kind === 'sql' && typeof statement === 'string' ? statement : null;
  const params = Array.isArray(rest.params) && rest.params.length === 0 ? omitParams(rest) : rest;
  return (
    <div className="space-y-5">
      <Facts action={action} />
      {action.footprint?.request ? (
        <RequestView request={action.footprint.request} body={action.args.body} />
      ) : null}
      {sql !== null ? (
        <div>
          <SqlText statement={sql} />
          <div className="mt-2 flex flex-col gap-1.5 empty:hidden">
            {originsAt(action.origins, '/statement').map((origin) => (
              <span key={`${origin.origin}/${origin.value}`} className="flex flex-wrap items-center gap-2">
                <code className="text-sm">{origin.value}</code>
                <OriginMark origin={origin} />
              </span>
            ))}
          </div>
        </div>
      ) : null}
      {sql === null || Object.keys(params).length > 0 ? (
        <ArgumentsList
          args={sql === null ? action.args : params}
          origins={action.origins}
          findings={action.footprint?.payload?.findings ?? []}
        />
      ) : null}
    </div>
  );
}

const omitParams = ({ params: _, ...others }: Record<string, unknown>): Record<string, unknown> => others;
