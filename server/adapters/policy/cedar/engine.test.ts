import { setFlagsFromString } from 'node:v8';
import { expect, it } from 'vitest';
import { preparsePolicySet, statefulIsAuthorized } from './engine';

it('a caller that is deoptimised during an evaluation gets its answer, and the process lives', () => {
  setFlagsFromString('--allow-natives-syntax');
  preparsePolicySet('deoptimised', { staticPolicies: { all: 'permit (principal, action, resource);' } });
  const native = (body: string) => new Function('f', 'g', body) as (...of: unknown[]) => unknown;
  const evaluate = native('return (call) => f(call);')(statefulIsAuthorized) as (call: object) => unknown;
  let during = () => {};
  const call = {
    principal: { type: 'A', id: 'a' },
    action: { type: 'Action', id: 'a' },
    resource: { type: 'R', id: 'r' },
    context: {},
    entities: [],
    validateRequest: false,
    preparsedPolicySetId: 'deoptimised',
  };
  // The engine asks for the call as JSON while it is being called.
  const asked = {
    toJSON: () => {
      during();
      return call;
    },
  };
  native('%PrepareFunctionForOptimization(f); %PrepareFunctionForOptimization(g)')(
    evaluate,
    statefulIsAuthorized,
  );
  for (let i = 0; i < 10; i += 1) evaluate(asked);
  native('%OptimizeFunctionOnNextCall(f)')(evaluate);
  evaluate(asked);
  const deoptimise = native('%DeoptimizeFunction(f)');
  during = () => deoptimise(evaluate);
  expect(evaluate(asked)).toMatchObject({ type: 'success', response: { decision: 'allow' } });
});
