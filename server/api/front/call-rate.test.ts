import { expect, test } from 'vitest';
import { createCallRate } from './call-rate';

test('one second of calls may come at once, then as many as time brings back', () => {
  const rate = createCallRate(10);
  for (let n = 0; n < 10; n++) expect(rate('agt_1', 1_000)).toBeNull();
  expect(rate('agt_1', 1_000)).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 1 });
  expect(rate('agt_1', 1_100)).toBeNull();
  expect(rate('agt_1', 1_100)).not.toBeNull();
});

test('a clock that goes back takes nothing away and gives nothing', () => {
  const rate = createCallRate(2);
  expect(rate('agt_1', 5_000)).toBeNull();
  expect(rate('agt_1', 1_000)).toBeNull();
  expect(rate('agt_1', 1_000)).not.toBeNull();
});

test('agents do not use up each other’s calls, and a batch counts for as many as it holds', () => {
  const rate = createCallRate(5);
  expect(rate('agt_1', 0, 5)).toBeNull();
  expect(rate('agt_1', 0)).not.toBeNull();
  expect(rate('agt_2', 0, 3)).toBeNull();
  expect(rate('agt_2', 0, 3)).not.toBeNull();
});
