import { describe, expect, test } from 'vitest';
import { isFinal, nextStatus, STATUS_EVENTS, STATUSES, TRANSITIONS, WAITING } from './status';

/** The picture in the glossary, written down a second time: every line is `state event state`. */
const ALLOWED = `
submitted measure measuring | submitted allow released | submitted hold held | submitted deny denied
submitted cancel cancelled | submitted revoke revoked
measuring allow released | measuring hold held | measuring deny denied | measuring cancel cancelled | measuring revoke revoked
held approve_quorum released | held reject rejected | held send_back sent_back | held expire expired | held cancel cancelled
held revoke revoked | held deny denied | held remeasure measuring
released claim executing | released expire expired | released cancel cancelled | released revoke revoked | released hold held | released deny denied
executing succeed succeeded | executing fail failed | executing lose unknown_outcome | executing drift held | executing revoke revoked`;
const allowed = new Map(
  ALLOWED.split(/[|\n]/)
    .map((line) => line.trim().split(' '))
    .filter((words) => words.length === 3)
    .map(([from, event, to]) => [`${from} ${event}`, to]),
);

describe('the state machine', () => {
  test('every state × every event goes where the glossary says, and nowhere else', () => {
    for (const from of STATUSES) {
      for (const event of STATUS_EVENTS) {
        expect([from, event, nextStatus(from, event)]).toEqual([
          from,
          event,
          allowed.get(`${from} ${event}`) ?? null,
        ]);
      }
    }
  });

  test('only a quorum or a policy that allows leads to released, and only a claim to executing', () => {
    const into = (to: string) =>
      STATUSES.flatMap((s) => STATUS_EVENTS.filter((e) => TRANSITIONS[s][e] === to).map((e) => `${s} ${e}`));
    expect(into('released').sort()).toEqual(['held approve_quorum', 'measuring allow', 'submitted allow']);
    expect(into('executing')).toEqual(['released claim']);
    expect(into('succeeded')).toEqual(['executing succeed']);
  });

  test('what is final can never change, and every state an agent does not wait for is final', () => {
    for (const status of STATUSES) {
      expect(isFinal(status)).toBe(!WAITING.has(status));
      if (isFinal(status)) for (const event of STATUS_EVENTS) expect(nextStatus(status, event)).toBeNull();
    }
  });
});
