// `npm run build`: the pages as `npm start` serves them, built anew.
import { ensureBuild, ensureClient, ensurePackages } from './launch/install.mjs';
import { exitWith } from './plain-problem.mjs';

try {
  await ensurePackages();
  await ensureClient();
  await ensureBuild({ force: true });
} catch (error) {
  exitWith(error);
}
