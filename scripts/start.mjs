// `npm start` and `npm run dev`. Only syntax and imports that an old Node understands may stand here: the first thing it has to be
// able to say is that Node is too old.
const wanted = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < wanted[0] || (major === wanted[0] && minor < wanted[1])) {
  process.stderr.write(
    `\nHoldpoint needs Node ${wanted.join('.')} or newer and this is ${process.versions.node}; install a newer one from https://nodejs.org and start again.\n`,
  );
  process.exit(1);
} else {
  // No top-level await: the oldest Node that can read this file cannot.
  void import('./launch/launch.mjs').then((launcher) => launcher.launch(process.argv.slice(2)));
}
