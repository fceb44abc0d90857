type Problem = { pointer: string; message: string };
type Answered = {
  message: string;
  data?: { code?: string; holdpointCode?: string; problems?: Problem[] } | null;
};

const isAnswered = (error: unknown): error is Answered =>
  typeof error === 'object' && error !== null && 'data' in error && Boolean((error as Answered).data?.code);

/** Whether the API answered that nobody is signed in. */
export const isSignedOut = (error: unknown): boolean =>
  isAnswered(error) && error.data?.code === 'UNAUTHORIZED';

/** Whether the API answered that there is no such thing (for this person). An id of the wrong shape names nothing either. */
export const isMissing = (error: unknown): boolean =>
  isAnswered(error) && (error.data?.code === 'NOT_FOUND' || error.data?.code === 'BAD_REQUEST');

/** Whether asking again could help: the request never got an answer, or the server could not give one. */
export const isPassing = (error: unknown): boolean =>
  !isAnswered(error) ||
  error.data?.code === 'INTERNAL_SERVER_ERROR' ||
  error.data?.code === 'SERVICE_UNAVAILABLE';

/** What to tell a person: the API's own words, which say what to do next, or that it could not be reached. */
export const errorWords = (error: unknown): string =>
  isAnswered(error)
    ? error.message
    : 'Holdpoint did not answer. Nothing was changed as far as this page knows; check your connection and try again.';

/** What the API found wrong with an input, by the last part of each pointer: `/password` is the problem of the field `password`. */
export const problemsByField = (error: unknown): Readonly<Record<string, string>> =>
  isAnswered(error)
    ? Object.fromEntries(
        (error.data?.problems ?? []).map(({ pointer, message }) => [
          pointer.split('/').at(-1) ?? '',
          message,
        ]),
      )
    : {};
