import type { Actor, AuditEvent } from '@/server/domain/audit-event';
import { HOLDPOINT } from '@/server/domain/audit-event';
import { type BlastRadius, blastRadius } from '@/server/domain/blast-radius';
import { momentIn } from '@/server/domain/business-calendar';
import type { ToolDefinition } from '@/server/domain/catalog';
import type { Footprint } from '@/server/domain/footprint';
import { footprintDigest } from '@/server/domain/footprint-digest';
import type { InForce } from '@/server/domain/in-force';
import type { Measurement, PolicyEngine } from '@/server/domain/ports';
import { sentenceFor } from '@/server/domain/sentence';
import { keepFacts, type StoredFacts } from '@/server/domain/stored-facts';
import type { Obligation, PolicyFacts, Verdict } from '@/server/domain/verdict';
import type { Classification } from '@/server/domain/vocabulary';
import type { Deps } from './deps';

/** How long a release may wait for its claim. */
export const RELEASE_SECONDS = 15 * 60;

export type JudgedAgent = {
  id: string;
  name: string;
  clearances: readonly Classification[];
  ownerId: string;
};

/** A measured and judged action: everything that is written about it, whichever way it got here. */
export type Judgement = {
  /** The definition it was judged under. */
  toolHash: string;
  status: 'released' | 'held' | 'denied';
  footprint: Footprint;
  footprintDigest: string;
  blastRadius: BlastRadius;
  sentence: string;
  /** What the verdict was given by, beside footprint and blast radius. */
  facts: StoredFacts;
  /** The version it was judged under. */
  policy: string;
  verdict: Verdict;
  obligation: Obligation | null;
  needed: number;
  expirySeconds: number | null;
  events: Pick<AuditEvent, 'kind' | 'actor' | 'data'>[];
};

function factsOf(
  { calendar }: Pick<Deps, 'calendar'>,
  agent: JudgedAgent,
  tool: ToolDefinition,
  footprint: Footprint,
  radius: BlastRadius,
): PolicyFacts {
  return {
    agent,
    tool: {
      name: tool.name,
      kind: tool.kind,
      execution: tool.execution,
      effects: tool.effects.map((e) => e.effect),
    },
    target: tool.target ? { name: tool.target.name, kind: tool.target.kind } : null,
    // By the clock of the measurement, so that the same facts get the same answer whenever they are asked about.
    moment: calendar && momentIn(calendar, new Date(footprint.measuredAt)),
    footprint,
    blastRadius: radius,
  };
}

function verdictEvents(verdict: Verdict, radius: BlastRadius, actor: Actor): Judgement['events'] {
  const rules = verdict.rules.map((r) => r.id);
  const kind = ({ allow: 'action.allowed', hold: 'action.held', deny: 'action.denied' } as const)[
    verdict.verdict
  ];
  const obligation = verdict.verdict === 'hold' ? { quorum: verdict.obligation.quorum } : {};
  return [{ kind, actor, data: { policy: verdict.policy, rules, level: radius.level, ...obligation } }];
}

/** A policy that fails is a policy that holds, for two people: an error never lowers what is asked (P4). */
export function evaluatePolicy(policy: PolicyEngine, facts: PolicyFacts): Verdict {
  try {
    return policy.evaluate(facts);
  } catch {
    const because = 'The policy failed while it looked at this action, so people decide.';
    return {
      verdict: 'hold',
      policy: 'none',
      obligation: { reviewers: [], quorum: 2, expirySeconds: 24 * 60 * 60, presence: 'session' },
      rules: [{ id: 'policy-error', title: 'Policy could not be evaluated', because, verdict: 'hold' }],
    };
  }
}

/** Turns a measurement into a verdict and everything that follows from it. Pure but for the policy engine it is given. */
export function judgeAction(
  deps: Pick<Deps, 'calendar'>,
  inForce: InForce,
  agent: JudgedAgent,
  tool: ToolDefinition,
  measurement: Measurement,
): Judgement {
  const { footprint } = measurement;
  const radius = blastRadius(footprint);
  const facts = factsOf(deps, agent, tool, footprint, radius);
  const verdict = evaluatePolicy(inForce.engine, facts);
  const obligation = verdict.verdict === 'hold' ? verdict.obligation : null;
  const status = ({ allow: 'released', hold: 'held', deny: 'denied' } as const)[verdict.verdict];
  return {
    status,
    toolHash: tool.definitionHash,
    footprint,
    footprintDigest: footprintDigest(footprint),
    blastRadius: radius,
    sentence: sentenceFor(tool.name, footprint, radius),
    facts: keepFacts(facts),
    policy: inForce.policy,
    verdict,
    obligation,
    needed: obligation?.quorum ?? 0,
    expirySeconds:
      status === 'held'
        ? (obligation?.expirySeconds ?? null)
        : status === 'released'
          ? RELEASE_SECONDS
          : null,
    events: verdictEvents(verdict, radius, HOLDPOINT),
  };
}

/** The judgement of what people look at whatever policy says, for `rule`: held, with the holds that policy found beside it. */
export function heldBy(
  rule: Verdict['rules'][number],
  obligation: Obligation,
  judgement: Judgement,
): Judgement {
  const rules = [rule, ...judgement.verdict.rules.filter((each) => each.verdict === 'hold')];
  const data = { rules: rules.map((each) => each.id), quorum: obligation.quorum };
  return {
    ...judgement,
    status: 'held',
    verdict: { verdict: 'hold', policy: judgement.verdict.policy, rules, obligation },
    obligation,
    needed: obligation.quorum,
    expirySeconds: obligation.expirySeconds,
    events: [{ kind: 'action.held', actor: HOLDPOINT, data }],
  };
}
