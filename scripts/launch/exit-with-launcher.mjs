// Loaded into the server before anything else: when the launcher is killed, the channel to it closes, and the server ends as if it
// had been asked to. Nobody is left holding the port.
const PATIENCE_MS = 8_000;

if (process.channel) {
  process.on('disconnect', () => {
    setTimeout(() => process.exit(1), PATIENCE_MS).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  // Listening must not be what keeps a server alive that has closed everything else.
  process.channel.unref();
}
