import type { HttpParts } from '@/server/domain/catalog';
import { findSchemaFaults } from '@/server/domain/input-schema';
import { readOperations } from '@/server/domain/openapi';
import { ruleFor } from '@/server/domain/operation-rules';
import type { OperationView, TargetCheck, TargetFinding, TargetInspector } from '@/server/domain/ports';
import { credentialWord } from '@/server/domain/target-parts';
import { operationSchema } from '@/server/domain/tool-schemas';
import { guardedCall } from './guarded-client';
import type { HttpWorld } from './http-analyzer';
import { HttpFault } from './http-fault';

/** Says whether a service can be reached and what agents could do there, without calling any of its operations. */
export class HttpInspector implements TargetInspector<HttpParts> {
  constructor(private readonly world: HttpWorld = {}) {}

  async inspect(target: HttpParts): Promise<TargetCheck> {
    const operations = readOperations(target.openapi).map((operation): OperationView => {
      const rule = ruleFor(target, operation);
      const checkable =
        operation.unsupported === null && findSchemaFaults(operationSchema(operation)).length === 0;
      return {
        name: operation.name,
        operationId: operation.operationId,
        summary: operation.summary,
        effect: rule.effect ?? null,
        classes: [...new Set([...(rule.classes ?? []), ...(rule.returns ?? [])])].sort(),
        unsupported: checkable
          ? null
          : (operation.unsupported ?? 'The schema of its arguments cannot be checked.'),
      };
    });
    const reached = await this.reach(target);
    const findings = [...(reached === null ? [] : [reached]), ...findingsOf(target, operations)];
    return {
      reachable: reached === null,
      serverVersion: null,
      role: credentialWord(target.credentials),
      findings,
      columns: [],
      operations,
    };
  }

  /** A HEAD of the host's root, without credentials: any answer at all shows that it is there. */
  private async reach(target: HttpParts): Promise<TargetFinding | null> {
    try {
      await guardedCall(
        {
          method: 'HEAD',
          url: `${new URL(target.baseUrl).origin}/`,
          headers: { 'user-agent': 'Holdpoint' },
          credentials: {},
          body: null,
        },
        { allowPrivate: target.allowPrivate, timeoutMs: 10_000, responseBytes: 1_024, ...this.world },
      );
      return null;
    } catch (error) {
      if (!(error instanceof HttpFault)) throw error;
      return { severity: 'error', code: error.code, message: error.message };
    }
  }
}

function findingsOf(target: HttpParts, operations: readonly OperationView[]): TargetFinding[] {
  const findings: TargetFinding[] = [];
  const say = (severity: TargetFinding['severity'], code: string, message: string) =>
    findings.push({ severity, code, message });
  if (target.baseUrl.startsWith('http:')) {
    say(
      'warning',
      'not_encrypted',
      'It is reached without encryption: what is sent, credentials included, can be read on the way.',
    );
  }
  if (target.credentials === null) say('info', 'no_credentials', 'It is called without credentials.');
  const undeclared = operations.filter((o) => o.effect === null && o.unsupported === null).length;
  if (undeclared > 0) {
    const what = `${undeclared} of ${operations.length} operations`;
    say(
      'warning',
      'effects_undeclared',
      `Nobody has said what ${what} do: every call of them is held as unknown. Declare them under operations.`,
    );
  }
  for (const operation of operations.filter((o) => o.unsupported !== null).slice(0, 20)) {
    say(
      'info',
      'operation_unsupported',
      `${operation.name} cannot be called through Holdpoint. ${operation.unsupported}`,
    );
  }
  return findings;
}
