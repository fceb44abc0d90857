/** Why something in a tree cannot be touched. The message is for people, never for the agent. */
export class TreeFault extends Error {
  override readonly name = 'TreeFault';
  constructor(
    /** `escape`: through a link or into something that is no plain file; refused. The others: it is not as the call supposes. */
    readonly code: 'escape' | 'missing' | 'is_folder' | 'exists' | 'moved' | 'too_large',
    message: string,
  ) {
    super(message);
  }
}

export const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '');
