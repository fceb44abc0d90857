import { type Child, startChild } from './child-process';
import type { Rig } from './rig';
import type { Memory } from './serve';

export type Server = Child & { memory(): Promise<Memory> };

/** Starts the product's server on the rig's database. */
export async function startServer(rig: Rig): Promise<Server> {
  const profile = rig.profileFolder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${rig.profileFolder}`];
  const child = await startChild('serve.ts', { node: ['--expose-gc', ...profile], env: rig.env });
  return { ...child, memory: () => child.ask<Memory>('memory') };
}
