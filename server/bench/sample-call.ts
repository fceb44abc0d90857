/** The call the benchmark submits: what an agent that works through a handbook would send. */
export type SampleCall = { tool: string; runId: string; reason: string };

export const SAMPLE_REASON = 'The customer asked how returns work; the handbook has the answer.';

export const sampleArgs = (n: number) => ({ article: `returns/${n}`, language: 'en', sections: [1, 2, 3] });
