/** The one attribute and value identity providers look people and groups up by; those filters are answered from an index. */
export type ScimLookup = {
  attribute: 'userName' | 'externalId' | 'displayName' | 'id' | 'email';
  value: string;
};
