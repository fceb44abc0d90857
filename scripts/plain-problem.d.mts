/** Something a person can fix. Its message is one plain sentence that says what to do; it is printed without a stack. */
export class PlainProblem extends Error {}
export function explainFileError(error: unknown, doing: string): unknown;
export function exitWith(error: unknown): never;
export function isPortTaken(port: number, host?: string): Promise<boolean>;
export function findFreePort(): Promise<number>;
