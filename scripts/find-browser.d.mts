/** The path of a browser that runs here. Rejects with a sentence when there is none and none can be installed. */
export function ensureBrowser(): Promise<string>;
