/** Waits for both, also when one fails: nothing may still be under way when its transaction is rolled back. */
export async function bothOf<A, B>(one: A | Promise<A>, other: B | Promise<B>): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled([one, other]);
  if (first.status === 'rejected') throw first.reason;
  if (second.status === 'rejected') throw second.reason;
  return [first.value, second.value];
}
