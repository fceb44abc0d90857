import type { MandateLimits } from './mandate';

const within = (asked: readonly string[] | undefined, given: readonly string[] | undefined): boolean =>
  given === undefined || (asked?.every((one) => given.includes(one)) ?? false);

/** Both at once: the narrower of two mandates in everything. */
export function narrower(a: MandateLimits, b: MandateLimits): MandateLimits {
  const both = (x: string[] | undefined, y: string[] | undefined) =>
    x === undefined ? y : y === undefined ? x : x.filter((one) => y.includes(one));
  const least = (x: number | undefined, y: number | undefined) =>
    x === undefined ? y : y === undefined ? x : Math.min(x, y);
  const lists = (['tools', 'targets', 'classes', 'audience'] as const).flatMap((key) => {
    const list = both(a[key], b[key]);
    return list === undefined ? [] : [[key, list] as const];
  });
  const budget = (['calls', 'rows', 'people', 'money'] as const).flatMap((key) => {
    const most = least(a.budget?.[key], b.budget?.[key]);
    return most === undefined ? [] : [[key, most] as const];
  });
  return {
    ...Object.fromEntries(lists),
    ...(budget.length > 0 ? { budget: Object.fromEntries(budget) } : {}),
  };
}

/** Whether what is asked stays within what a template gives: naming nothing asks for all of it. */
export function fitsTemplate(asked: MandateLimits, template: MandateLimits): boolean {
  const lists = (['tools', 'targets', 'classes', 'audience'] as const).every(
    (key) => asked[key] === undefined || within(asked[key], template[key]),
  );
  return (
    lists &&
    (['calls', 'rows', 'people', 'money'] as const).every((key) => {
      const [wants, gives] = [asked.budget?.[key], template.budget?.[key]];
      return wants === undefined || gives === undefined || wants <= gives;
    })
  );
}
