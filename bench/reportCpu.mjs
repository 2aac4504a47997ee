// Loaded into every server under test (node --import): answers the CPU time that its process has used, in µs.
process.on('message', (message) => {
  if (message === 'cpu') process.send(process.cpuUsage());
});
process.channel?.unref();
