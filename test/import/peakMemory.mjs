/** Has a process tell its peak memory as it ends: node --import ./peakMemory.mjs PROGRAM */
process.once('exit', () => process.stderr.write(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`));
