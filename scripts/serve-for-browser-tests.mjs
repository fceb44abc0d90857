// What Playwright starts: the built application on a port of its own with data of its own, made anew for each run, so that neither a
// running Holdpoint nor an earlier run is in the way. The demo's keys and passwords are then in <data>/demo.json.
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

process.env.HOLDPOINT_DATA ??= join(import.meta.dirname, '../node_modules/.cache/holdpoint/browser-tests');
process.env.PORT ??= '3190';
delete process.env.DATABASE_URL;
delete process.env.npm_lifecycle_event;
rmSync(resolve(process.env.HOLDPOINT_DATA), { recursive: true, force: true });

const { launch } = await import('./launch/launch.mjs');
await launch([]);
