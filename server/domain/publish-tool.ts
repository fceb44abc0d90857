/** The tool by which policy is published: Holdpoint's own, offered to nobody. Names that begin like it are reserved. */
export const PUBLISH_TOOL = 'holdpoint.publish_policy';
