/** What the language of policies knows, for editors: completion and its explanations. */
export type LanguageWords = {
  facts: { path: string; type: string; doc: string; optional: boolean }[];
  actions: string[];
  annotations: { name: string; values: string[]; doc: string }[];
};
